"""Setting, changing and ending what is owed: by the bureau, from a day on, and past verdicts never change."""

from datetime import date, datetime

import pytest

from sangyu.activities.models import ActivityKind
from sangyu.duties.actions import adopt_rule_pack, change_duty, end_duty, set_duty
from sangyu.duties.models import DutyRule
from sangyu.duties.queries import Standing, due_items
from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.kit.refusals import Conflict, NotAllowed, Refusal
from sangyu.members.tests.cast import FOUNDED, OPERATOR, Cast, make_cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=SHANGHAI)
TODAY = NOW.date()
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def theme_day(cast: Cast) -> DutyRule:
    adopt_rule_pack(OPERATOR, cast.office, FOUNDED)
    return DutyRule.objects.get(code="theme_day")


def verdicts(cast: Cast, code: str, on: date) -> list[tuple[str, Standing]]:
    items = due_items(cast.actor(cast.secretary), [cast.branch], on)
    return sorted((item.period.label, item.standing) for item in items if item.rule.code == code)


def change(cast: Cast, rule: DutyRule, on: date, who: str = "clerk") -> DutyRule:
    with clock.at(NOW):
        return change_duty(cast.actor(getattr(cast, who)), rule, "主题党日", "quarter", 1, "市里规定第一条", on)


def test_the_pack_is_adopted_once_and_what_is_there_stays(cast: Cast, theme_day: DutyRule) -> None:
    before = DutyRule.objects.count(), cast.office.action_sets.count()
    adopt_rule_pack(OPERATOR, cast.office, TODAY)
    assert (DutyRule.objects.count(), cast.office.action_sets.count()) == before
    assert all("条例" in rule.basis for rule in DutyRule.objects.all())
    assert set(theme_day.satisfied_by) <= set(ActivityKind.objects.values_list("code", flat=True))


def test_a_duty_of_ones_own_is_owed_from_its_first_whole_period(cast: Cast, theme_day: DutyRule) -> None:
    set_duty(cast.actor(cast.clerk), cast.office, "own", "读书会", "month", ["study"], "局里规定", date(2026, 10, 2))
    assert [label for label, _ in verdicts(cast, "own", TODAY)] == ["2026年11月"]


def test_a_duty_is_satisfied_by_kinds_that_exist(cast: Cast, theme_day: DutyRule) -> None:
    with pytest.raises(Refusal, match="没有这种活动"):
        set_duty(cast.actor(cast.clerk), cast.office, "own", "读书会", "month", ["nonsense"], "局里规定", TODAY)
    assert not DutyRule.objects.filter(code="own").exists()


def test_a_change_leaves_every_past_verdict_as_it_was(cast: Cast, theme_day: DutyRule) -> None:
    before = verdicts(cast, "theme_day", TODAY)
    assert len(before) == 11 and Standing.LATE in {standing for _, standing in before}
    new = change(cast, theme_day, DECEMBER)
    assert verdicts(cast, "theme_day", TODAY) == before
    assert [label for label, _ in verdicts(cast, "theme_day", date(2027, 5, 1))] == ["2027年第1季度", "2027年第2季度"]
    assert (new.code, new.since, new.satisfied_by) == ("theme_day", DECEMBER, theme_day.satisfied_by)


def test_a_citys_own_duty_replaces_its_superiors_and_only_from_then_on(cast: Cast, theme_day: DutyRule) -> None:
    set_duty(
        cast.actor(cast.clerk),
        cast.branch,
        "theme_day",
        "主题党日",
        "quarter",
        ["theme_day"],
        "本支部规定",
        date(2026, 7, 1),
    )
    labels = [label for label, _ in verdicts(cast, "theme_day", TODAY)]
    assert labels == [*(f"2026年{month}月" for month in range(1, 7)), "2026年第3季度", "2026年第4季度"]
    other = due_items(cast.actor(cast.clerk), [cast.neighbour], TODAY)
    assert len([item for item in other if item.rule.code == "theme_day"]) == 11


@pytest.mark.parametrize("on", [date(2026, 12, 2), date(2026, 10, 1), FOUNDED])
def test_a_change_begins_with_a_period_that_is_not_past(cast: Cast, theme_day: DutyRule, on: date) -> None:
    with pytest.raises(Refusal):
        change(cast, theme_day, on)
    assert DutyRule.objects.filter(code="theme_day").count() == 1


def test_a_change_sent_twice_changes_once(cast: Cast, theme_day: DutyRule) -> None:
    change(cast, theme_day, DECEMBER)
    with pytest.raises(Conflict, match="已经停止"):
        change(cast, theme_day, DECEMBER)
    assert DutyRule.objects.filter(code="theme_day").count() == 2


def test_what_has_ended_is_owed_no_more_and_stays_late_where_it_was(cast: Cast, theme_day: DutyRule) -> None:
    with clock.at(NOW):
        end_duty(cast.actor(cast.clerk), theme_day, DECEMBER)
    labels = [label for label, _ in verdicts(cast, "theme_day", date(2026, 12, 21))]
    assert len(labels) == 11 and "2026年12月" not in labels


def test_nobody_talks_a_late_duty_away(cast: Cast, theme_day: DutyRule) -> None:
    with clock.at(NOW), pytest.raises(Refusal, match="2026年11月1日"):
        end_duty(cast.actor(cast.clerk), theme_day, date(2026, 3, 1))
    assert len(verdicts(cast, "theme_day", TODAY)) == 11


@pytest.mark.parametrize("who", ["secretary", "liaison", "member", "other_clerk"])
def test_only_the_bureau_above_sets_what_is_owed(cast: Cast, theme_day: DutyRule, who: str) -> None:
    actor, before = cast.actor(getattr(cast, who)), (DutyRule.objects.count(), Entry.objects.count())
    with pytest.raises(NotAllowed):
        adopt_rule_pack(actor, cast.branch, TODAY)
    with pytest.raises(NotAllowed):
        set_duty(actor, cast.branch, "own", "读书会", "month", ["study"], "规定", TODAY)
    with pytest.raises(NotAllowed):
        change(cast, theme_day, DECEMBER, who)
    with clock.at(NOW), pytest.raises(NotAllowed):
        end_duty(actor, theme_day, DECEMBER)
    assert (DutyRule.objects.count(), Entry.objects.count()) == before
