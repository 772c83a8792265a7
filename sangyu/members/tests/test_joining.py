"""Belonging: one formal membership at a time; joining something never changes affiliation."""

from datetime import date

import pytest

from sangyu.journal.models import Entry
from sangyu.kit.refusals import Conflict, NotAllowed, Refusal
from sangyu.members.actions.memberships import join, leave
from sangyu.members.models import Membership
from sangyu.members.queries.organizations import members_by_organization, tree
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_attached_and_registered_elsewhere_one_stays_where_one_is(cast: Cast) -> None:
    bureau = cast.actor(cast.clerk)
    for kind in ("attached", "registered"):
        join(bureau, cast.member, cast.neighbour, kind, DAY)
    both = cast.branch.pk, cast.neighbour.pk
    assert members_by_organization(both, DAY) == dict(zip(both, (5, 3), strict=True))
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
    assert members_by_organization([cast.branch.pk], date(2026, 11, 1)) == {cast.branch.pk: 5}
    both = cast.branch.pk, cast.neighbour.pk
    assert members_by_organization(both, DAY) == dict.fromkeys(both, 4)
    assert [(root.branches, root.members) for root in tree(bureau, DAY)] == [(2, 8)]


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
