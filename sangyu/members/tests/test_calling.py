"""The call button: officers call members and it is written down, members call their liaison."""

import pytest

from sangyu.journal.models import Entry
from sangyu.kit.refusals import Gone, Refusal
from sangyu.members.actions.people import call
from sangyu.members.models import Look
from sangyu.members.tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize("who", ["secretary", "liaison", "clerk"])
def test_an_officer_calls_and_the_member_sees_it(cast: Cast, who: str) -> None:
    caller = getattr(cast, who)
    assert call(cast.actor(caller), cast.member.pk) == cast.member.phone
    assert Look.objects.get(person=cast.member).by == caller


def test_a_member_calls_the_liaison(cast: Cast) -> None:
    assert call(cast.actor(cast.member, "portal"), cast.liaison.pk) == "13000000002"
    assert not Look.objects.exists()  # the liaison's number is there to be called


def test_a_number_that_is_missing_is_said(cast: Cast) -> None:
    with pytest.raises(Refusal, match="没有登记卜二的电话"):
        call(cast.actor(cast.other_clerk), cast.other_clerk.pk)


@pytest.mark.parametrize("who", ["member", "neighbour_secretary", "other_clerk"])
def test_nobody_else_gets_a_number(cast: Cast, who: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(Gone):
        call(cast.actor(getattr(cast, who)), cast.housebound.pk)
    assert (Look.objects.count(), Entry.objects.count()) == (0, before)
