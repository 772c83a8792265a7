"""Holding a sitting as people do: planned, published, answered, the roll called branch by branch, closed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import uuid4

from sangyu.activities.actions import planning, roll
from sangyu.activities.actions.roll import Marked
from sangyu.activities.models import Activity, Mark, Participation
from sangyu.alliances.models import Alliance
from sangyu.demo import texts
from sangyu.demo.world import World, chance, moment
from sangyu.duties.queries import agenda_for
from sangyu.kit import clock
from sangyu.members.actions import people
from sangyu.members.models import Organization

PLAN_AHEAD, ANSWER_AHEAD = timedelta(days=7), timedelta(days=3)
# How somebody takes part, in percent: (mark, chance)
USUAL = {
    "housebound": ((Mark.SENT_HOME, 92), (Mark.LEAVE, 8)),
    "away": ((Mark.ONLINE, 62), (Mark.SENT_HOME, 23), (Mark.LEAVE, 15)),
    "frail": ((Mark.PRESENT, 72), (Mark.SENT_HOME, 18), (Mark.LEAVE, 10)),
    "": ((Mark.PRESENT, 89), (Mark.ONLINE, 3), (Mark.LEAVE, 6), (Mark.ABSENT, 2)),
}
ALONE, HELPED = 0.35, 0.45  # chance to answer oneself, to answer oneself or by the liaison
REASONS = {
    Mark.LEAVE: texts.LEAVE_REASONS, Mark.ABSENT: texts.ABSENT_REASONS, Mark.SENT_HOME: texts.SENT_HOME_REASONS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sitting:
    """What is to be held: by whom, when, about what; `lecture` is the title of a party lecture held with it."""

    host: Organization
    day: date
    kinds: tuple[str, ...]
    title: str
    content: str
    alliance: Alliance | None = None
    hour: int = 9
    lecture: str = ""


def plan(world: World, sitting: Sitting) -> Activity:
    """Planned by the host's secretary a week ahead (or now), and published."""
    dice = chance(sitting.day, sitting.title)
    secretary = world.secretaries[sitting.host.pk]
    start = moment(sitting.day, sitting.hour)
    chair, recorder = world.chair_and_recorder(sitting.host)
    set_actions = [(a.title, True) for a in agenda_for(sitting.host) if a.is_prescribed]
    chosen = [(title, False) for title in dice.sample(texts.CHOSEN, 2)]
    with clock.at(min(clock.now(), start - PLAN_AHEAD)):
        activity = planning.plan_activity(
            secretary,
            sitting.host,
            sitting.alliance,
            uuid4(),
            [*set_actions, *chosen],
            title=sitting.title,
            kinds=list(sitting.kinds),
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            place=dice.choice(texts.PLACES),
            notice=texts.NOTICE,
            chair=chair,
            recorder=recorder,
        )
        planning.publish_activity(secretary, activity)
    return activity


def hold(
    world: World, sitting: Sitting, left_open: Collection[int] = (), nobody_from: Collection[int] = ()
) -> Activity:
    """A sitting of the past, from plan to minutes. Branches in `left_open` do not close their roll, those in
    `nobody_from` have nobody who takes part."""
    activity = plan(world, sitting)
    parts = list(activity.participations.select_related("organization").order_by("organization__reading"))
    marks = {part.pk: _marks(world, part, part.organization_id in nobody_from) for part in parts}
    if sitting.alliance is not None:
        answer_all(world, activity, {person: mark for found in marks.values() for person, mark in found.items()})
    dice = chance(sitting.day, sitting.title, "会议记录")
    with clock.at(activity.ends_at + timedelta(hours=1)):
        for part in parts:
            if part.organization_id not in left_open:
                close(world, part, marks[part.pk], texts.minutes(dice, sitting.content, sitting.lecture))
    return activity


def close(world: World, part: Participation, marks: dict[int, Marked], minutes: str) -> None:
    """The branch's own secretary closes its part; the minutes are the host's."""
    roll.close_part(world.secretaries[part.organization_id], part, marks, part.version, "", minutes)


def answer_all(world: World, activity: Activity, marks: dict[int, Marked]) -> None:
    """Many answer themselves some days before, some by their liaison (代办), the others do not."""
    branch_of = {person: branch for branch, people_ in world.members.items() for person in people_}
    with clock.at(min(clock.now(), activity.starts_at - ANSWER_AHEAD)):
        for person, mark in marks.items():
            dice = chance(activity.starts_at, person)
            answer = "coming" if mark.mark in (Mark.PRESENT, Mark.ONLINE, Mark.ABSENT) else "declined"
            reason = mark.reason if answer == "declined" else ""
            _answer(world, activity, person, branch_of[person], answer, reason, dice)


def _answer(world: World, activity: Activity, person: int, branch: int, answer: str, reason: str, dice: Random) -> None:
    how, liaison = dice.random(), world.liaisons.get(branch)
    if how < ALONE:
        planning.answer_invitation(world.member(person), activity.pk, answer, reason)
    elif how < HELPED and liaison is not None:
        planning.answer_invitation(people.start_acting(liaison, person), activity.pk, answer, reason)


def _marks(world: World, part: Participation, nobody: bool) -> dict[int, Marked]:
    """How each member of the branch took part, by their circumstances and by chance."""
    secretary = world.secretaries[part.organization_id].person_id
    marks = {}
    for person in world.members[part.organization_id]:
        dice = chance(part.on, part.organization.name, person)
        mark = Mark.LEAVE if nobody else Mark.PRESENT if person == secretary else _mark(world, person, dice)
        marks[person] = Marked(mark, dice.choice(REASONS[mark]) if mark in REASONS else "")
    return marks


def _mark(world: World, person: int, dice: Random) -> Mark:
    ways = world.ways.get(person, frozenset())
    way = next((way for way in ("housebound", "away", "frail") if way in ways), "")
    marks, weights = zip(*USUAL[way], strict=True)
    return Mark(dice.choices(marks, weights)[0])
