"""My information: what is kept, who looked, who acted for me."""

from typing import Any

import pytest
from django.urls import reverse

from sangyu.members.actions import memberships
from sangyu.members.actions.people import reveal, start_acting
from sangyu.members.models.belonging import CircumstanceKind
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast
from sangyu.members.tests.signing_in import helping, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/portal/me/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def words(client: Any, **asked: Any) -> str:
    return str(client.get(PAGE, asked).content.decode())


def test_it_says_what_is_kept_and_masks_the_numbers(cast: Cast) -> None:
    memberships.note_circumstance(cast.actor(cast.liaison), cast.member, cast.branch, CircumstanceKind.AWAY, FOUNDED)
    text = words(signed_in(cast.member))
    for said in ("仇老", "1950年3月1日", "199****0001", "机关工委离退休干部党支部（2018年5月1日起）", "居住外地"):
        assert said in text
    assert cast.member.phone not in text


def test_a_secretary_reads_the_office_too(cast: Cast) -> None:
    assert "<dt>书记</dt>" in words(signed_in(cast.secretary))


def test_it_names_who_looked_when_and_why(cast: Cast) -> None:
    assert "没有人看过" in words(signed_in(cast.member))
    reveal(cast.actor(cast.clerk), cast.member.pk, "phone", "核对花名册")
    text = words(signed_in(cast.member))
    assert "丁一看了电话号码，原因：核对花名册" in text
    assert "丁一" not in words(signed_in(cast.housebound))


def test_it_names_who_acted_for_me_and_what(cast: Cast) -> None:
    start_acting(cast.actor(cast.liaison), cast.member.pk)
    assert "廖联络：开始代办" in words(signed_in(cast.member))
    assert "没有人替您办过事" in words(signed_in(cast.housebound))


def test_long_lists_are_shortened_and_can_be_opened(cast: Cast) -> None:
    for number in range(12):
        reveal(cast.actor(cast.clerk), cast.member.pk, "phone", f"第{number}次核对")
    client = signed_in(cast.member)
    assert "第0次核对" not in words(client) and "?all=1" in words(client)
    assert "第0次核对" in words(client, all=1)


def test_it_offers_a_password_and_names_whom_to_ask(cast: Cast) -> None:
    client = signed_in(cast.member)
    text = words(client)
    assert reverse("account_set_password") in text and "机关工委支部联络员廖联络" in text
    client.post(reverse("account_set_password"), {"password1": "songshu-2026-hong", "password2": "songshu-2026-hong"})
    assert reverse("account_change_password") in words(client)


def test_a_helper_sees_the_helped_persons_but_not_their_own_password(cast: Cast) -> None:
    text = words(helping(cast.liaison, cast.housebound))
    assert "查老同志的信息" in text and reverse("account_set_password") not in text


def test_more_rows_cost_no_more_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        reveal(cast.actor(cast.clerk), cast.member.pk, "phone", "核对花名册")
        start_acting(cast.actor(cast.liaison), cast.member.pk)
    client = signed_in(cast.member)
    with django_assert_max_num_queries(16):
        client.get(PAGE)
