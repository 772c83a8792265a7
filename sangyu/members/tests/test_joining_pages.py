"""Registering with the community and being attached, on the person's page."""

import pytest
from django.urls import reverse

from sangyu.journal.models import Entry
from sangyu.members.models import Membership
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def form(cast: Cast, kind: str = "registered") -> dict[str, object]:
    return {"kind": kind, "organization": cast.neighbour.pk, "since": "2026-11-02"}


def test_the_clerk_registers_and_ends_it_and_affiliation_stays(cast: Cast) -> None:
    browser = signed_in(cast.clerk)
    page = browser.post(reverse("members:join", args=[cast.member.pk]), form(cast), follow=True)
    assert "社区报到" in page.content.decode()
    assert Membership.objects.get(person=cast.member, kind="formal").organization == cast.branch
    registered = Membership.objects.get(person=cast.member, kind="registered")
    browser.post(reverse("members:leave", args=[registered.pk]), {"on": "2026-11-10"})
    registered.refresh_from_db()
    assert str(registered.during.upper) == "2026-11-10"


def test_a_second_affiliation_is_refused_and_the_form_keeps_what_was_chosen(cast: Cast) -> None:
    page = signed_in(cast.clerk).post(reverse("members:join", args=[cast.member.pk]), form(cast, "formal"))
    text = page.content.decode()
    assert "只能有一个" in text
    assert f'value="{cast.neighbour.pk}" selected' in text


@pytest.mark.parametrize(("who", "status"), [("secretary", 403), ("neighbour_secretary", 404), ("other_clerk", 404)])
def test_nobody_else_registers(cast: Cast, who: str, status: int) -> None:
    browser, before = signed_in(getattr(cast, who)), Entry.objects.count()
    assert browser.post(reverse("members:join", args=[cast.member.pk]), form(cast)).status_code == status
    assert Entry.objects.count() == before
