"""Step 4, the other half: what branches held by themselves this year, what they did not, and what people said."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

from django.db import transaction

from sangyu.demo import texts
from sangyu.demo.joint_days import QUARTER_BEGINS, STAYS_ALONE, propose_to_the_last
from sangyu.demo.people import CONSULTATIVE, POLICE, TAX, WORKING_COMMITTEE
from sangyu.demo.showing import Stage
from sangyu.demo.sittings import Sitting, hold, plan
from sangyu.demo.world import World, chance, moment, working_day
from sangyu.kit import clock
from sangyu.kit.period import Period
from sangyu.members.models import Organization
from sangyu.voices import actions as voices

BIG = (TAX, POLICE, CONSULTATIVE)  # they have committees, and theme days of their own
DECEMBER = 12
YEAR_END = ("life_meeting", "appraisal_of_members", "talks")  # may be held in one (支部工作条例 art. 17 to 19)
FORGETFUL = ("文联离退休干部党支部", "团市委离退休干部党支部")  # no members' meeting in the last whole quarter
ANSWERED = ("活动通知的字太小，希望用大字再印一份。", "您提得对。从下月起通知都印大字版，联络员会送到家里。")
UNANSWERED = "活动中心二楼没有扶手，上下楼不太放心。"


def live_this_year(world: World, stage: Stage) -> str:
    """Sittings of single branches in the year that is still told of; those to come are planned or still owed."""
    sittings = sorted(_wanted(world), key=lambda sitting: sitting.day)
    past = [sitting for sitting in sittings if sitting.day < world.today]
    unclosed = next((s for s in reversed(past) if s.host.name == POLICE), None)
    for sitting in stage.watched(past, "各支部自己的活动"):
        with transaction.atomic():
            hold(world, sitting, [sitting.host.pk] if sitting is unclosed else ())
    coming = [s for s in sittings if s.day > world.today and s.host.name in (TAX, WORKING_COMMITTEE)][:2]
    with transaction.atomic():
        for sitting in coming:
            plan(world, sitting)
        propose_to_the_last(world)
        _speak_up(world)
    return f"{len(past)}次支部活动，{len(coming)}次已安排；投诉与建议2条，答复1条"


def _wanted(world: World) -> Iterator[Sitting]:
    """What the branches would hold to the end of next month: since New Year, in its first quarter since October."""
    told = min(world.today.replace(month=1, day=1), Period.quarter(world.today).previous().start)
    months = [month for month in world.months() if month >= told]
    months.append(clock.last_day(world.today) + timedelta(days=1))
    lapse = _last_whole_quarter(world.today)
    for month in months:
        for name, branch in world.branches.items():
            yield from _of_month(branch, name, month, world.today)
            if month.month % 3 == 2 and not (month == lapse and name in FORGETFUL):
                yield _meeting(branch, ("members_meeting",), "支部党员大会", month, 20)
            if month.month == DECEMBER:
                yield _meeting(branch, YEAR_END, "组织生活会和民主评议党员", month, 8)


def _of_month(branch: Organization, name: str, month: date, today: date) -> Iterator[Sitting]:
    """Theme days and lectures of those outside the alliance; committee meetings of those who have a committee."""
    if name in BIG:
        yield _theme_day(branch, month, 15)
        yield _meeting(branch, ("committee_meeting",), "支部委员会会议", month, 5)
    if name == STAYS_ALONE and month != clock.month_of(clock.month_of(today) - timedelta(days=1)):
        yield _theme_day(branch, month, 12)


def _theme_day(branch: Organization, month: date, day: int) -> Sitting:
    dice = chance(branch.name, month)
    title, content = dice.choice(texts.THEMES)
    lecture = dice.choice(texts.LECTURES) if month.month in QUARTER_BEGINS else ""
    kinds = ("theme_day", "party_lecture") if lecture else ("theme_day",)
    return Sitting(branch, working_day(month.replace(day=day)), kinds, title, content, hour=15, lecture=lecture)


def _meeting(branch: Organization, kinds: tuple[str, ...], title: str, month: date, day: int) -> Sitting:
    return Sitting(branch, working_day(month.replace(day=day)), kinds, title, texts.AGENDAS[kinds[0]], hour=10)


def _last_whole_quarter(today: date) -> date:
    """The month in which members met in the quarter before this one; in the first quarter it is last year's."""
    first = today.replace(month=clock.quarter(today) * 3 - 2, day=1)
    return (first - timedelta(days=35)).replace(day=1)


def _speak_up(world: World) -> None:
    """Two members say what is wrong; one has an answer."""
    home = world.branches[WORKING_COMMITTEE]
    first, second = (world.member(world.members[home.pk][n]) for n in (1, 2))
    with clock.at(moment(world.today - timedelta(days=3), 16)):
        said = voices.complain(first, ANSWERED[0], "/portal/", uuid4())
    with clock.at(moment(world.today - timedelta(days=2), 9)):
        voices.answer(world.bureau, said, ANSWERED[1])
        voices.complain(second, UNANSWERED, "/portal/", uuid4())
