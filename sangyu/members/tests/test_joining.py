"""Belonging: one formal membership at a time; joining something never changes affiliation."""

from datetime import date

import pytest

from sangyu.journal.models import Entry
from sangyu.kit.refusals import Conflict, NotAllowed, Refusal
from sangyu.members.actions.memberships import join, leave
from sangyu.members.models import Membership
from sangyu.members.queries.organizations import FEW, belonging_to, members_below
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def formal_in_both(cast: Cast, on: date) -> tuple[int, int]:
    bureau = cast.actor(cast.clerk)
    here, there = (belonging_to(bureau, branch, on).formal for branch in (cast.branch, cast.neighbour))
    return here, there


def test_attached_and_registered_elsewhere_one_stays_where_one_is(cast: Cast) -> None:
    bureau = cast.actor(cast.clerk)
    for kind in ("attached", "registered"):
        join(bureau, cast.member, cast.neighbour, kind, DAY)
    assert formal_in_both(cast, DAY) == (5, 3)
    assert Membership.objects.get(person=cast.member, kind="formal").organization == cast.branch


def test_a_second_formal_membership_is_refused_and_writes_nothing(cast: Cast) -> None:
    before = Membership.objects.count(), Entry.objects.count()
    with pytest.raises(Conflict, match="只能有一个"):
        join(cast.actor(cast.clerk), cast.member, cast.neighbour, "formal", DAY)
    assert (Membership.objects.count(), Entry.objects.count()) == before


def test_the_same_registration_twice_is_refused(cast: Cast) -> None:
    join(cast.actor(cast.clerk), cast.member, cast.neighbour, "registered", DAY)
    with pytest.raises(Conflict, match="社区报到"):
        join(cast.actor(cast.clerk), cast.member, cast.neighbour, "registered", DAY)


def test_a_transfer_counts_on_each_day_where_one_was(cast: Cast) -> None:
    bureau = cast.actor(cast.clerk)
    leave(bureau, Membership.objects.get(person=cast.member), DAY)
    join(bureau, cast.member, cast.neighbour, "formal", DAY)
    assert formal_in_both(cast, date(2026, 11, 1)) == (5, 3)
    assert formal_in_both(cast, DAY) == (4, 4)
    for number in (8, FEW + 1):  # told in two ways, one for few and one for many
        below = {person.pk: person for person in members_below(bureau, cast.office, DAY, number)}
        assert len(below) == 8 and vars(below[cast.member.pk])["branch_name"] == cast.neighbour.name


def test_nobody_leaves_before_joining(cast: Cast) -> None:
    with pytest.raises(Refusal, match="晚于"):
        leave(cast.actor(cast.clerk), Membership.objects.get(person=cast.member), FOUNDED)


@pytest.mark.parametrize("who", ["secretary", "liaison", "member", "other_clerk"])
def test_only_the_bureau_above_moves_people(cast: Cast, who: str) -> None:
    actor, held = cast.actor(getattr(cast, who)), Membership.objects.get(person=cast.member)
    before = Membership.objects.count(), Entry.objects.count()
    with pytest.raises(NotAllowed):
        join(actor, cast.member, cast.branch, "attached", DAY)
    with pytest.raises(NotAllowed):
        leave(actor, held, DAY)
    held.refresh_from_db()
    assert held.during.upper is None
    assert (Membership.objects.count(), Entry.objects.count()) == before
