"""Living away, frail, housebound: noted by those who look after the person, and not spelled out in the journal."""

from datetime import date

import pytest

from sangyu.journal.models import Entry
from sangyu.kit.refusals import Conflict, NotAllowed, Refusal
from sangyu.members.actions.memberships import end_circumstance, note_circumstance
from sangyu.members.models import Circumstance
from sangyu.members.queries.people import circumstances_of
from sangyu.members.tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
DAY, LATER = date(2026, 11, 2), date(2026, 11, 20)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize("who", ["secretary", "liaison", "clerk"])
def test_it_holds_from_one_day_to_another(cast: Cast, who: str) -> None:
    actor = cast.actor(getattr(cast, who))
    noted = note_circumstance(actor, cast.housebound, cast.branch, "housebound", DAY)
    assert [c.get_kind_display() for c in circumstances_of(actor, cast.housebound, DAY)] == ["重病无法外出"]
    end_circumstance(actor, noted, cast.branch, LATER)
    assert not circumstances_of(actor, cast.housebound, LATER)
    assert circumstances_of(actor, cast.housebound, DAY)


def test_the_journal_does_not_say_what_it_is(cast: Cast) -> None:
    note_circumstance(cast.actor(cast.liaison), cast.housebound, cast.branch, "housebound", DAY)
    assert Entry.objects.get(verb="members.circumstance_noted").detail == {}


def test_noted_twice_is_said_and_writes_nothing(cast: Cast) -> None:
    note_circumstance(cast.actor(cast.liaison), cast.housebound, cast.branch, "away", DAY)
    before = Circumstance.objects.count(), Entry.objects.count()
    with pytest.raises(Conflict, match="已经登记"):
        note_circumstance(cast.actor(cast.secretary), cast.housebound, cast.branch, "away", LATER)
    assert (Circumstance.objects.count(), Entry.objects.count()) == before


def test_it_ends_after_it_begins(cast: Cast) -> None:
    noted = note_circumstance(cast.actor(cast.liaison), cast.housebound, cast.branch, "away", DAY)
    with pytest.raises(Refusal, match="晚于"):
        end_circumstance(cast.actor(cast.liaison), noted, cast.branch, DAY)


@pytest.mark.parametrize("who", ["neighbour_secretary", "member", "other_clerk"])
def test_nobody_else_notes_or_reads_it(cast: Cast, who: str) -> None:
    noted = note_circumstance(cast.actor(cast.liaison), cast.housebound, cast.branch, "away", DAY)
    actor, before = cast.actor(getattr(cast, who)), (Circumstance.objects.count(), Entry.objects.count())
    with pytest.raises(NotAllowed):
        note_circumstance(actor, cast.housebound, cast.branch, "frail", DAY)
    with pytest.raises(NotAllowed):
        end_circumstance(actor, noted, cast.branch, LATER)
    with pytest.raises(NotAllowed):
        circumstances_of(actor, cast.housebound, DAY)
    assert (Circumstance.objects.count(), Entry.objects.count()) == before
