"""Leaving by the branch's own will, and declining: what was stays, what was to come is free again."""

from datetime import date, datetime
from uuid import uuid4

import pytest

from sangyu.alliances.actions import leave, make_rota, propose_alliance
from sangyu.alliances.models import Place
from sangyu.alliances.queries import members_on
from sangyu.alliances.tests.factories import JOINED, make_alliance
from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.kit.refusals import NotAllowed, Refusal
from sangyu.members.tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 20)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_it_belongs_until_the_day_before(cast: Cast) -> None:
    alliance = make_alliance(cast)
    leave(cast.actor(cast.secretary), alliance.places.get(organization=cast.branch), DAY)
    assert cast.branch in members_on(alliance, date(2026, 5, 19))
    assert list(members_on(alliance, DAY)) == [cast.neighbour]


def test_the_months_it_would_have_hosted_go_to_those_who_are_there(cast: Cast) -> None:
    alliance, bureau = make_alliance(cast), cast.actor(cast.clerk)
    with clock.at(datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)):
        make_rota(bureau, alliance, 2026)
    hosted = set(alliance.turns.filter(host=cast.branch, month__lte=DAY).values_list("month", flat=True))
    leave(cast.actor(cast.secretary), alliance.places.get(organization=cast.branch), DAY)
    assert set(alliance.turns.filter(host=cast.branch).values_list("month", flat=True)) == hosted
    with clock.at(datetime(2026, 5, 21, 9, tzinfo=SHANGHAI)):
        make_rota(bureau, alliance, 2026)
    assert set(alliance.turns.filter(month__gt=DAY).values_list("host", flat=True)) == {cast.neighbour.pk}
    assert alliance.turns.count() == 12


def test_declining_takes_the_invitation_away(cast: Cast) -> None:
    both = [cast.branch, cast.neighbour]
    alliance = propose_alliance(cast.actor(cast.clerk), cast.office, "联盟", both, DAY, uuid4())
    leave(cast.actor(cast.secretary), alliance.places.get(organization=cast.branch), DAY)
    assert [place.organization for place in Place.objects.all()] == [cast.neighbour]


def test_it_leaves_after_it_joined(cast: Cast) -> None:
    place = make_alliance(cast).places.get(organization=cast.branch)
    with pytest.raises(Refusal, match="晚于"):
        leave(cast.actor(cast.secretary), place, JOINED)


@pytest.mark.parametrize("who", ["clerk", "liaison", "member", "neighbour_secretary", "other_clerk"])
def test_nobody_takes_a_branch_out(cast: Cast, who: str) -> None:
    place = make_alliance(cast).places.get(organization=cast.branch)
    before = Entry.objects.count()
    with pytest.raises(NotAllowed, match="支部自己决定"):
        leave(cast.actor(getattr(cast, who)), place, DAY)
    place.refresh_from_db()
    assert (place.during.upper, Entry.objects.count()) == (None, before)
