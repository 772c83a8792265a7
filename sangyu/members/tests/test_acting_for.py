"""代办: officers act for members of their own branch, and both names stand on it."""

import pytest

from sangyu.journal.models import Entry
from sangyu.kit.refusals import NotAllowed
from sangyu.members.actions.people import start_acting
from sangyu.members.tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize("who", ["secretary", "liaison"])
def test_both_names_stand_on_it(cast: Cast, who: str) -> None:
    helper = getattr(cast, who)
    acting = start_acting(cast.actor(helper), cast.housebound.pk)
    assert (acting.person_id, acting.for_person_id) == (helper.pk, cast.housebound.pk)
    assert acting.speaks_for == cast.housebound.pk
    entry = Entry.objects.get(verb="members.acting_started")
    assert (entry.actor_id, entry.for_id) == (helper.pk, cast.housebound.pk)


@pytest.mark.parametrize("who", ["clerk", "member", "neighbour_secretary", "other_clerk"])
def test_nobody_else_acts_for_a_member(cast: Cast, who: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(NotAllowed, match="本支部"):
        start_acting(cast.actor(getattr(cast, who)), cast.housebound.pk)
    assert Entry.objects.count() == before


def test_nobody_acts_for_oneself_or_for_staff(cast: Cast) -> None:
    for person in (cast.secretary, cast.clerk, cast.liaison):
        with pytest.raises(NotAllowed):
            start_acting(cast.actor(cast.secretary), person.pk)
