"""Text size: kept with the account, or on the device of who has not signed in."""

from typing import Any

import pytest
from django.urls import reverse

from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.signing_in import account_of, helping, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/portal/text-size/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_it_is_kept_and_every_page_follows(cast: Cast) -> None:
    client = signed_in(cast.member)
    answer = client.post(PAGE, {"size": "largest", "next": "/portal/record/"})
    assert answer["Location"] == "/portal/record/"
    assert 'data-text-size="largest"' in client.get(reverse("portal:home")).content.decode()


def test_a_stranger_keeps_it_on_the_device(client: Any) -> None:
    client.post(PAGE, {"size": "large", "next": reverse("account_login")})
    assert 'data-text-size="large"' in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_it_never_leads_elsewhere(cast: Cast, elsewhere: str) -> None:
    assert signed_in(cast.member).post(PAGE, {"size": "large", "next": elsewhere})["Location"] == "/"


def test_a_made_up_size_changes_nothing(cast: Cast) -> None:
    signed_in(cast.member).post(PAGE, {"size": "huge"})
    account = account_of(cast.member)
    account.refresh_from_db()
    assert account.text_size == "standard"


def test_a_made_up_cookie_changes_nothing(client: Any) -> None:
    client.cookies["text_size"] = '"><b>'
    assert 'data-text-size="standard"' in client.get(reverse("account_login")).content.decode()


def test_it_is_changed_by_post_only(cast: Cast) -> None:
    assert signed_in(cast.member).get(PAGE).status_code == 405


def test_a_helper_changes_their_own(cast: Cast) -> None:
    helping(cast.liaison, cast.housebound).post(PAGE, {"size": "large"})
    account = account_of(cast.housebound)
    account.refresh_from_db()
    assert account.text_size == "standard"
