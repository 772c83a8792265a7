"""The demo's story in a short life: any day of any month, every step, and nothing that the records do not hold."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.test import Client
from rich.console import Console

from sangyu.activities.models import Activity, ActivityState, Participation, SignUp
from sangyu.activities.queries import invitations_of
from sangyu.alliances.queries import waiting_for
from sangyu.demo import founding, proving
from sangyu.demo.showing import DONE, FAILED, Shortfall, Stage
from sangyu.demo.story import STEPS
from sangyu.demo.world import World, theme_day, working_day
from sangyu.duties.queries import Standing, due_items
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.kit.refusals import Conflict
from sangyu.voices.models import Complaint

pytestmark = pytest.mark.slow
# Awkward days: New Year, the last of a month, the theme day itself, a leap day.
DAYS = ("2027-01-01", "2027-01-31", "2026-11-10", "2028-02-29")
NOT_IN_A_SHORT_LIFE = "6 核对数字"  # the documents speak of 2018 to 2021


@pytest.fixture
def live(own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[date], tuple[World, Stage]]:
    """Live from five months before a day to that day, as it would be told at ten in the morning."""
    monkeypatch.setenv("SANGYU_DB_NAME", own_database)

    def seal() -> None:
        environment = {**os.environ, "SANGYU_DB_ROLE": "worker"}
        subprocess.run([sys.executable, "-m", "sangyu", "seal"], env=environment, check=True)

    def tell(day: date) -> tuple[World, Stage]:
        with clock.at(datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)):
            since = (day.replace(day=1) - timedelta(days=140)).replace(day=1)
            world, stage = World(tmp_path / "demo", since, seal), Stage(Console(file=StringIO(), width=200))
            for name, deed in STEPS:
                if name != NOT_IN_A_SHORT_LIFE:
                    stage.play(name, lambda deed=deed: deed(world, stage))  # type: ignore[misc]
                assert not stage.failed, stage.outcomes[-1]
        return world, stage

    return tell


@pytest.mark.parametrize("day", DAYS)
def test_it_can_be_told_on_any_day(live: Callable[[date], tuple[World, Stage]], day: str) -> None:
    today = date.fromisoformat(day)
    world, stage = live(today)
    assert [o.verdict for o in stage.outcomes] == [DONE] * (len(STEPS) - 1)
    with clock.at(datetime(today.year, today.month, today.day, 10, tzinfo=SHANGHAI)):
        _look_at_what_is_left_undone(world)
        _look_at_the_samples(world)
        _look_at_the_duties(world)


def _look_at_what_is_left_undone(world: World) -> None:
    newest = world.held[-1]
    left = newest.participations.filter(closed_at__isnull=True)
    assert left.count() == 2
    assert left.filter(handed_to_liaison=True).count() == 1
    held = Activity.objects.filter(alliance=world.alliance, starts_at__lt=clock.now())
    assert [a.state for a in held] == [ActivityState.CLOSED] * held.count()
    assert held.count() in (5, 6)
    assert Complaint.objects.filter(answered_at=None).count() == 1
    assert Complaint.objects.exclude(answered_at=None).count() == 1
    assert SignUp.objects.filter(activity__starts_at__gt=clock.now()).exists()


def _look_at_the_samples(world: World) -> None:
    people = dict(world.samples)
    assert len(people) == 4
    for person in people.values():
        person.refresh_from_db()
        answer = Client().post("/sign-in/", {"login": person.account.sign_in_name, "password": founding.PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
    member = people["机关工委支部老同志"]
    next_ones = list(invitations_of(world.member(member.pk)))
    assert next_ones and not any(a.own_answers for a in next_ones)  # not answered yet: that is to be tried
    alone = world.branches["供销社离退休干部党支部"]
    assert waiting_for(world.secretaries[alone.pk]).count() == 1
    assert "红十字会离退休干部党支部" in world.branches
    assert world.branches["红十字会离退休干部党支部"].pk not in world.liaisons


def _look_at_the_duties(world: World) -> None:
    """Nothing of this year is late but what was forgotten on purpose."""
    items = due_items(world.bureau, list(world.branches.values()), world.today)
    since = [i for i in items if i.period.start >= world.since]
    late = {i.organization.name for i in since if i.standing == Standing.LATE}
    on_purpose = {"供销社离退休干部党支部", "科协离退休干部党支部", "文联离退休干部党支部", "团市委离退休干部党支部"}
    assert late <= on_purpose
    assert any(i.standing == Standing.DUE for i in items)


def test_what_did_not_come_in_is_told_row_by_row(live: Callable[[date], tuple[World, Stage]]) -> None:
    world, stage = live(date(2026, 12, 31))
    told = stage.console.file.getvalue()  # type: ignore[attr-defined]
    for reason in ("校验", "2月30日", "老年大学临时党支部", "相同"):
        assert reason in told
    assert "导入92人" in told and "导入44人" in told and "没有导入4行" in told
    assert len(list((world.folder / "ledgers").glob("*.docx"))) == 12
    closed = Participation.objects.filter(activity=world.held[-2], closed_at__isnull=False)
    assert closed.count() == 12
    figures = {f.expected.id: f for f in proving.figures.figures_of(proving.READER, "嘉峪关")}
    assert [figures[i].value for i in ("F023", "F024", "F092", "F093", "F094")] == [44, 23, 5, 2, 1]


@pytest.mark.parametrize("fall", [Conflict("刚刚被改过。"), Shortfall("少了一个。")])
def test_a_failed_step_is_told_and_ends_the_demo(fall: Exception) -> None:
    stage = Stage(Console(file=StringIO()))

    def deed() -> str:
        raise fall

    stage.play("一步", deed)
    stage.close()
    assert stage.failed and stage.outcomes[0].verdict == FAILED
    assert str(fall) in stage.console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("month", [date(year, month, 1) for year in (2019, 2026, 2028) for month in range(1, 13)])
def test_the_theme_day_is_a_working_day_of_its_month(month: date) -> None:
    day = theme_day(month)
    assert day.month == month.month and day.weekday() < 5
    assert working_day(day) == day
