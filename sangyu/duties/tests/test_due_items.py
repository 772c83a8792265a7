"""How a duty stands: met by the branch's own part in a sitting, and only by that."""

from datetime import date, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sangyu.activities.actions import planning
from sangyu.activities.actions.roll import Marked
from sangyu.activities.models import Activity
from sangyu.activities.tests.factories import close, make_activity, part_of
from sangyu.alliances.tests.factories import make_alliance
from sangyu.duties.actions import adopt_rule_pack, set_duty
from sangyu.duties.models import DutyRule
from sangyu.duties.queries import DueItem, Standing, due_items, owed_now
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.kit.period import Period
from sangyu.members.actions.appointments import appoint
from sangyu.members.models import Organization
from sangyu.members.tests.cast import FOUNDED, OPERATOR, Cast, make_branch, make_cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
PARTS = ("held", "nobody", "came")  # what a branch made of a joint theme day


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    adopt_rule_pack(OPERATOR, cast.office, FOUNDED)
    return cast


def moment(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


def standing(cast: Cast, branch: Organization, month: int, on: date = TODAY) -> Standing:
    """The branch's theme day of the month."""
    for item in due_items(cast.actor(cast.clerk), [branch], on):
        if item.rule.code == "theme_day" and item.period == Period.month(date(2026, month, 1)):
            return item.standing
    raise AssertionError("nothing is owed")


def nobody_came(branch: Organization) -> dict[str, Marked]:
    return {m.person.name: Marked("absent") for m in branch.memberships.select_related("person")}


def test_each_branch_meets_it_by_its_own_roll(cast: Cast) -> None:
    activity = make_activity(cast, make_alliance(cast))
    with clock.at(moment(11, 5, 12)):
        close(cast, part_of(activity, cast.branch))
    assert standing(cast, cast.branch, 11) == Standing.MET
    assert standing(cast, cast.neighbour, 11) == Standing.OPEN  # took part, has not closed its roll
    with clock.at(moment(11, 5, 12)):
        close(cast, part_of(activity, cast.neighbour))
    assert standing(cast, cast.neighbour, 11) == Standing.MET


def test_a_sitting_to_which_nobody_came_meets_nothing(cast: Cast) -> None:
    activity = make_activity(cast)
    with clock.at(moment(11, 5, 12)):
        close(cast, part_of(activity, cast.branch), **nobody_came(cast.branch))
    assert standing(cast, cast.branch, 11) == Standing.DUE


def test_study_sent_home_is_no_sitting(cast: Cast) -> None:
    home = {name: Marked("sent_home") for name in nobody_came(cast.branch)}
    activity = make_activity(cast)
    with clock.at(moment(11, 5, 12)):
        close(cast, part_of(activity, cast.branch), **home)
    assert standing(cast, cast.branch, 11) == Standing.DUE


def test_another_kind_of_sitting_meets_nothing(cast: Cast) -> None:
    activity = make_activity(cast, kinds=["study"])
    with clock.at(moment(11, 5, 12)):
        close(cast, part_of(activity, cast.branch))
    assert standing(cast, cast.branch, 11) == Standing.DUE


def test_it_is_due_then_planned_then_held_then_met_and_late_without(cast: Cast) -> None:
    assert standing(cast, cast.branch, 11, date(2026, 11, 1)) == Standing.DUE
    activity = make_activity(cast)
    assert standing(cast, cast.branch, 11, date(2026, 11, 4)) == Standing.PLANNED
    assert standing(cast, cast.branch, 11, date(2026, 11, 5)) == Standing.OPEN
    planning.cancel_activity(cast.actor(cast.secretary), activity)
    assert standing(cast, cast.branch, 11, date(2026, 11, 30)) == Standing.DUE
    assert standing(cast, cast.branch, 11, date(2026, 12, 1)) == Standing.LATE


def test_a_branch_owes_nothing_before_its_first_whole_period(cast: Cast) -> None:
    young = make_branch(cast.actor(cast.clerk), cast.office, "新支部")
    young.founded_on = date(2026, 9, 10)
    items = [i for i in due_items(cast.actor(cast.clerk), [young], TODAY) if i.rule.code == "theme_day"]
    assert {item.period.label for item in items} == {"2026年10月", "2026年11月"}


def test_a_committee_meeting_is_owed_where_there_is_a_committee(cast: Cast) -> None:
    def owed() -> bool:
        items = owed_now(cast.actor(cast.clerk), [cast.branch], TODAY)
        return any(item.rule.code == "committee_meeting" for item in items)

    assert not owed()
    appoint(cast.actor(cast.clerk), cast.member, cast.branch, "committee", FOUNDED)
    assert owed()


def test_the_most_urgent_stands_first(cast: Cast) -> None:
    order = list(Standing)
    standings = [item.standing for item in due_items(cast.actor(cast.clerk), [cast.branch, cast.neighbour], TODAY)]
    assert standings == sorted(standings, key=order.index)


def test_others_branches_are_left_out(cast: Cast) -> None:
    items = due_items(cast.actor(cast.neighbour_secretary), [cast.branch, cast.neighbour], TODAY)
    assert {item.organization for item in items} == {cast.neighbour}


def live(cast: Cast, activity: Activity, branch: Organization, part: str) -> None:
    with clock.at(moment(11, 5, 12)):
        if part != "held":
            close(cast, part_of(activity, branch), **(nobody_came(branch) if part == "nobody" else {}))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(own=st.sampled_from(PARTS), others=st.sampled_from(PARTS))
def test_what_the_neighbour_did_never_changes_ones_own_verdict(cast: Cast, own: str, others: str) -> None:
    expected = {"held": Standing.OPEN, "nobody": Standing.DUE, "came": Standing.MET}
    with transaction.atomic():
        activity = make_activity(cast, make_alliance(cast))
        live(cast, activity, cast.branch, own)
        live(cast, activity, cast.neighbour, others)
        assert standing(cast, cast.branch, 11) == expected[own]
        assert standing(cast, cast.neighbour, 11) == expected[others]
        transaction.set_rollback(True)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(times=st.integers(1, 4), days=st.sets(st.integers(1, 20), max_size=4))
def test_so_many_times_means_so_many_sittings_with_people(cast: Cast, times: int, days: set[int]) -> None:
    with transaction.atomic():
        rule = set_duty(
            cast.actor(cast.clerk), cast.office, "own", "学习", "month", ["theme_day"], "规定", date(2026, 1, 1), times
        )
        for day in days:
            activity = make_activity(cast, at=moment(11, day))
            with clock.at(moment(11, day, 12)):
                close(cast, part_of(activity, cast.branch))
        item = item_of(cast, rule)
        assert item.done == len(days)
        assert (item.standing == Standing.MET) is (len(days) >= times)
        transaction.set_rollback(True)


def item_of(cast: Cast, rule: DutyRule) -> DueItem:
    items = due_items(cast.actor(cast.secretary), [cast.branch], TODAY)
    return next(i for i in items if i.rule == rule and i.period == Period.month(TODAY))


def test_a_branch_of_14_asks_as_few_questions_as_one(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    clerk = cast.actor(cast.clerk)
    branches = [make_branch(clerk, cast.office, f"第{number}支部") for number in range(12)]
    with django_assert_max_num_queries(5):
        due_items(clerk, [*branches, cast.branch, cast.neighbour], TODAY)


def test_what_is_late_in_december_is_late_in_january(cast: Cast) -> None:
    items = due_items(cast.actor(cast.clerk), [cast.branch], date(2027, 1, 5))
    late = {(item.rule.code, item.period.label) for item in items if item.standing == Standing.LATE}
    assert ("theme_day", "2026年12月") in late
    assert ("life_meeting", "2026年") in late
    assert ("theme_day", "2026年9月") not in late


def test_last_year_is_left_alone_from_april_on(cast: Cast) -> None:
    items = due_items(cast.actor(cast.clerk), [cast.branch], date(2027, 4, 5))
    assert min(item.period.start for item in items) == date(2027, 1, 1)


def test_a_yearly_duty_met_early_last_year_is_not_late_in_january(cast: Cast) -> None:
    activity = make_activity(cast, at=moment(2, 5), kinds=["theme_day", "life_meeting"])
    with clock.at(moment(2, 5, 12)):
        close(cast, part_of(activity, cast.branch))
    items = due_items(cast.actor(cast.clerk), [cast.branch], date(2027, 1, 5))
    assert [i.standing for i in items if i.rule.code == "life_meeting" and i.period.label == "2026年"] == [Standing.MET]
