"""What this area counts, and how each record tells its facts."""

from collections import defaultdict
from collections.abc import Iterable

from sangyu.activities.models import Activity, ActivityState, Mark, Participation, RollLine
from sangyu.journal.declare import Fact, metric, source, verbs
from sangyu.kit import clock
from sangyu.members.traces import traces

THEME_DAY = "theme_day"
TAKING_PART = (Mark.PRESENT, Mark.ONLINE)

THEME_DAYS = metric(30, "activities.theme_days", "主题党日", "次")
HELD = metric(31, "activities.held", "举办活动", "次")
JOINED = metric(32, "activities.joined", "支部参加活动", "次")
THEME_DAYS_JOINED = metric(33, "activities.theme_days_joined", "支部参加主题党日", "次")
ATTENDED = metric(34, "activities.attended", "参加活动", "人次")
STUDIED_AT_HOME = metric(35, "activities.studied_at_home", "送学上门", "人次")


def activity_facts(ids: list[int]) -> dict[int, list[Fact]]:
    """A closed activity counts once, at its host; by id, in one query."""
    told: dict[int, list[Fact]] = {}
    for activity in Activity.objects.filter(pk__in=ids, state=ActivityState.CLOSED):
        day = clock.day_of(activity.starts_at)
        counted = [HELD] + ([THEME_DAYS] if THEME_DAY in activity.kinds else [])
        told[activity.pk] = [Fact(m.number, activity.host_id, None, day) for m in counted]
    return told


def part_facts(ids: list[int]) -> dict[int, list[Fact]]:
    """A closed part of a branch: each who took part, each studied with at home; the sitting itself when anybody came.

    By id, in two queries.
    """
    roll: dict[int, list[RollLine]] = defaultdict(list)
    for line in RollLine.objects.filter(participation__in=ids).order_by("id"):
        roll[line.participation_id].append(line)
    parts = Participation.objects.filter(pk__in=ids, closed_at__isnull=False).select_related("activity")
    return {part.pk: _facts_of(part, roll[part.pk]) for part in parts if part.activity.state != ActivityState.CANCELLED}


def _facts_of(part: Participation, roll: list[RollLine]) -> list[Fact]:
    def fact(number: int, person_id: int | None) -> Fact:
        return Fact(number, part.organization_id, person_id, part.on)

    came = [fact(ATTENDED.number, line.person_id) for line in roll if line.mark in TAKING_PART]
    home = [fact(STUDIED_AT_HOME.number, line.person_id) for line in roll if line.mark == Mark.SENT_HOME]
    sitting = [fact(JOINED.number, None)] if came else []
    if came and THEME_DAY in part.activity.kinds:
        sitting.append(fact(THEME_DAYS_JOINED.number, None))
    return sitting + came + home


def closed_activities() -> Iterable[int]:
    return Activity.objects.filter(state=ActivityState.CLOSED).values_list("pk", flat=True)


def closed_parts() -> Iterable[int]:
    return Participation.objects.filter(closed_at__isnull=False).values_list("pk", flat=True)


ACTIVITY = source(30, "activities.activity", "活动", "activities:activity", activity_facts, closed_activities)
PART = source(31, "activities.participation", "支部点名", "activities:part", part_facts, closed_parts)

verbs(
    "activities",
    answered="答复活动邀请",
    cancelled="取消活动",
    changed="修改活动安排",
    closed="完成活动",
    handed_over="请联络员补完",
    part_cancelled="活动取消，本支部记录不再计数",
    part_closed="完成点名",
    planned="计划活动",
    published="发布活动",
    roll_corrected="更正点名",
)

traces(
    "activities",
    participation_edited_by="填写过{n}次点名",
    rollline_person="已有{n}次点名记录",
    signup_by="已回复过{n}次活动邀请",
    signup_person="已有{n}次活动邀请的答复",
)
