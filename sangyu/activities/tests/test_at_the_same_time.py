"""Several people at the same moment, each on an own connection: the tables decide, nothing is lost or doubled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections

from sangyu.activities.actions import planning, roll
from sangyu.activities.actions.roll import Marked
from sangyu.activities.models import Activity, Participation
from sangyu.activities.tests.factories import NINE, everybody, make_activity, part_of
from sangyu.journal.models import Entry
from sangyu.journal.verify import findings
from sangyu.kit import clock
from sangyu.kit.refusals import Conflict, Refusal
from sangyu.members.tests.cast import Cast, make_cast

LATER = NINE + timedelta(hours=3)


@pytest.fixture
def cast(own_database: str) -> Cast:
    return make_cast()


def together(*deeds: Callable[[], object]) -> list[object]:
    """Do all at once; each gives its result or its refusal."""
    gate = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        gate.wait()
        try:
            with clock.at(LATER):
                return deed()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_a_double_click_on_closing_closes_once(cast: Cast) -> None:
    part = part_of(make_activity(cast), cast.branch)
    marks, actor = everybody(part), cast.actor(cast.secretary)
    results = together(*[lambda: roll.close_part(actor, part, marks, 0, "", "记录")] * 4)
    assert all(isinstance(result, Participation) for result in results)
    assert Entry.objects.filter(verb="activities.part_closed").count() == 1
    assert list(findings()) == []


def test_of_two_different_rolls_one_stands_and_the_other_is_told(cast: Cast) -> None:
    part = part_of(make_activity(cast), cast.branch)
    other = {**everybody(part), cast.member.pk: Marked("leave", "外出")}
    secretary, liaison = cast.actor(cast.secretary), cast.actor(cast.liaison)
    results = together(
        lambda: roll.close_part(secretary, part, everybody(part), 0, "", "记录"),
        lambda: roll.close_part(liaison, part, other, 0, "", "记录"),
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Participation"]
    assert list(findings()) == []


def test_one_plan_form_sent_four_times_plans_once(cast: Cast) -> None:
    make_activity(cast)
    token, actor = uuid4(), cast.actor(cast.secretary)
    results = together(
        *[
            lambda: planning.plan_activity(
                actor,
                cast.branch,
                None,
                token,
                title="学习",
                kinds=["theme_day"],
                place="会议室",
                starts_at=NINE,
                ends_at=NINE + timedelta(hours=1),
            )
        ]
        * 4
    )
    assert len({result.pk for result in results if isinstance(result, Activity)}) == 1
    assert Activity.objects.filter(token=token).count() == 1


def test_a_sent_plan_that_comes_back_changed_is_not_dropped_silently(cast: Cast) -> None:
    make_activity(cast)
    token, actor = uuid4(), cast.actor(cast.secretary)
    plan = {"kinds": ["theme_day"], "place": "会议室", "starts_at": NINE, "ends_at": NINE + timedelta(hours=1)}
    planning.plan_activity(actor, cast.branch, None, token, title="学习", **plan)
    with pytest.raises(Conflict, match="按“修改”"):
        planning.plan_activity(actor, cast.branch, None, token, title="参观", **plan)
