"""Joining by the branch's own recorded will; affiliation does not change."""

from datetime import date
from uuid import uuid4

import pytest

from sangyu.alliances.actions import consent, propose_alliance
from sangyu.alliances.models import Place
from sangyu.alliances.queries import members_on, people_on
from sangyu.journal.models import Entry
from sangyu.kit.refusals import NotAllowed
from sangyu.members.models import Membership
from sangyu.members.tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
DAY, EVE = date(2026, 11, 2), date(2026, 11, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def place(cast: Cast) -> Place:
    both = [cast.branch, cast.neighbour]
    alliance = propose_alliance(cast.actor(cast.clerk), cast.office, "联盟", both, EVE, uuid4())
    return alliance.places.get(organization=cast.branch)


def test_the_secretary_joins_and_affiliation_stays(cast: Cast, place: Place) -> None:
    affiliation = cast.branch.line, list(Membership.objects.order_by("pk").values_list())
    consent(cast.actor(cast.secretary), place, DAY)
    cast.branch.refresh_from_db()
    assert (cast.branch.line, list(Membership.objects.order_by("pk").values_list())) == affiliation
    assert list(members_on(place.alliance, DAY)) == [cast.branch]
    assert not members_on(place.alliance, EVE)
    assert people_on(place.alliance, DAY).count() == 5
    place.refresh_from_db()
    assert place.consent_by == cast.secretary
    assert Entry.objects.get(verb="alliances.consented").organization_id == cast.branch.pk


def test_pressed_twice_it_counts_once(cast: Cast, place: Place) -> None:
    consent(cast.actor(cast.secretary), place, DAY)
    before = Entry.objects.count()
    consent(cast.actor(cast.secretary), place, DAY)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("who", ["clerk", "liaison", "member", "neighbour_secretary", "other_clerk"])
def test_nobody_consents_in_its_stead(cast: Cast, place: Place, who: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(NotAllowed, match="支部自己决定"):
        consent(cast.actor(getattr(cast, who)), place, DAY)
    place.refresh_from_db()
    assert (place.during, Entry.objects.count()) == (None, before)
