"""Closing a branch's part: what it asks for, what it counts, and that nothing happens twice."""

import pytest

from sangyu.activities.actions import roll
from sangyu.activities.actions.roll import Marked
from sangyu.activities.metrics import PART
from sangyu.activities.models import ActivityState
from sangyu.activities.tests.factories import NINE, close, everybody, make_activity, part_of
from sangyu.alliances.tests.factories import make_alliance
from sangyu.journal import declare
from sangyu.journal.models import Entry, Fact
from sangyu.journal.verify import findings
from sangyu.kit import clock
from sangyu.kit.refusals import Conflict, NotAllowed, Refusal
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.tallies import queries as tallies

pytestmark = pytest.mark.django_db
LATER = NINE.replace(hour=12)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def counted(cast: Cast, code: str) -> int:
    day = clock.day_of(NINE)
    return tallies.figure(cast.actor(cast.clerk), declare.METRICS[code], cast.office, day, day.replace(day=30))


def test_it_counts_each_branch_by_its_own_people_only(cast: Cast) -> None:
    activity = make_activity(cast, make_alliance(cast))
    with clock.at(LATER):
        close(cast, part_of(activity, cast.branch), 查老=Marked("sent_home"), 解老=Marked("absent", "住院"))
    assert counted(cast, "activities.attended") == 3
    assert counted(cast, "activities.studied_at_home") == 1
    assert counted(cast, "activities.theme_days") == 1
    assert counted(cast, "activities.theme_days_joined") == 1  # the neighbour has not closed its part
    with clock.at(LATER):
        close(cast, part_of(activity, cast.neighbour))
    assert counted(cast, "activities.attended") == 6
    assert counted(cast, "activities.theme_days_joined") == 2
    assert counted(cast, "activities.theme_days") == 1
    assert list(findings()) == []


def test_it_names_who_is_not_marked_and_writes_nothing(cast: Cast) -> None:
    part = part_of(make_activity(cast), cast.branch)
    marks = everybody(part)
    marks.pop(cast.member.pk)
    with clock.at(LATER), pytest.raises(Refusal, match="仇老"):
        roll.close_part(cast.actor(cast.secretary), part, marks, 0, "", "记录")
    assert not part.roll.exists()
    assert not Fact.objects.filter(entry__subject_kind=PART.number).exists()


def test_the_host_needs_minutes(cast: Cast) -> None:
    part = part_of(make_activity(cast), cast.branch)
    with clock.at(LATER), pytest.raises(Refusal, match="会议记录"):
        close(cast, part, minutes=" ")


def test_it_waits_for_the_activity_to_begin(cast: Cast) -> None:
    part = part_of(make_activity(cast), cast.branch)
    with clock.at(NINE.replace(hour=8)), pytest.raises(Refusal, match="还没有开始"):
        close(cast, part)


def test_pressed_twice_it_closes_once(cast: Cast) -> None:
    part = part_of(make_activity(cast), cast.branch)
    with clock.at(LATER):
        close(cast, part)
        entries = Entry.objects.count()
        roll.close_part(cast.actor(cast.secretary), part, everybody(part), 0, "", "学习讨论，一致同意。")
    assert Entry.objects.count() == entries
    assert part.activity.__class__.objects.get(pk=part.activity_id).state == ActivityState.CLOSED


def test_the_second_editor_is_told_who_was_first(cast: Cast) -> None:
    part = part_of(make_activity(cast), cast.branch)
    roll.save_roll(cast.actor(cast.liaison), part, everybody(part), 0)
    with pytest.raises(Conflict, match="廖联络"):
        roll.save_roll(cast.actor(cast.secretary), part, {}, 0)
    assert part.roll.count() == 5


@pytest.mark.parametrize("who", ["clerk", "neighbour_secretary", "member", "other_clerk"])
def test_nobody_else_calls_the_roll_of_a_branch(cast: Cast, who: str) -> None:
    part = part_of(make_activity(cast, make_alliance(cast)), cast.branch)
    before = Entry.objects.count()
    with clock.at(LATER), pytest.raises(NotAllowed):
        roll.close_part(cast.actor(getattr(cast, who)), part, everybody(part), 0, "", "记录")
    assert (Entry.objects.count(), part.roll.count()) == (before, 0)


def test_a_correction_moves_figures_and_stands_in_the_history(cast: Cast) -> None:
    part = part_of(make_activity(cast), cast.branch)
    with clock.at(LATER):
        part = close(cast, part, 仇老=Marked("absent"))
        assert counted(cast, "activities.attended") == 4
        roll.correct_roll(cast.actor(cast.liaison), part, everybody(part), part.version)
    assert counted(cast, "activities.attended") == 5
    entry = Entry.objects.filter(verb="activities.roll_corrected").get()
    assert entry.detail["changes"] == [[cast.member.pk, "absent", "present"]]
    assert list(findings()) == []


def test_a_changed_reason_stands_in_the_history_too(cast: Cast) -> None:
    part = part_of(make_activity(cast), cast.branch)
    with clock.at(LATER):
        part = close(cast, part, 仇老=Marked("leave", "外出"))
        version = part.version
        part = roll.correct_roll(
            cast.actor(cast.liaison), part, everybody(part, 仇老=Marked("leave", "住院")), part.version
        )
    assert part.version == version + 1
    entry = Entry.objects.filter(verb="activities.roll_corrected").get()
    assert entry.detail["changes"] == [[cast.member.pk, "leave", "leave"]]
