"""Activities of the cast: planned, published and called through the actions."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sangyu.activities.actions import planning, roll
from sangyu.activities.actions.roll import Marked
from sangyu.activities.models import Activity, ActivityKind, Participation
from sangyu.activities.queries import expected_at
from sangyu.alliances.models import Alliance
from sangyu.kit.clock import SHANGHAI
from sangyu.members.tests.cast import Cast

NINE = datetime(2026, 11, 5, 9, 0, tzinfo=SHANGHAI)


def make_activity(cast: Cast, alliance: Alliance | None = None, at: datetime = NINE, **plan: Any) -> Activity:
    """A theme day of the home branch, alone or for the alliance; published."""
    ActivityKind.objects.get_or_create(code="theme_day", defaults={"name": "主题党日"})
    secretary = cast.actor(cast.secretary)
    plan = {"title": "看变化、谈初心", "kinds": ["theme_day"], "place": "老干部活动中心", **plan}
    activity = planning.plan_activity(
        secretary,
        cast.branch,
        alliance,
        uuid4(),
        [("重温入党誓词", True), ("讨论交流", False)],
        starts_at=at,
        ends_at=at + timedelta(hours=2),
        **plan,
    )
    planning.publish_activity(secretary, activity)
    activity.refresh_from_db()
    return activity


def part_of(activity: Activity, organization: Any) -> Participation:
    return activity.participations.get(organization=organization)


def everybody(part: Participation, **exceptions: Marked) -> dict[int, Marked]:
    """Everyone present but the named exceptions (by name)."""
    return {m.person_id: exceptions.get(m.person.name, Marked("present")) for m in expected_at(part)}


def close(
    cast: Cast, part: Participation, minutes: str | None = "学习讨论，一致同意。", **exceptions: Marked
) -> Participation:
    """The roll is called by the branch's own secretary and its part closed."""
    part.refresh_from_db()
    secretary = cast.secretary if part.organization_id == cast.branch.pk else cast.neighbour_secretary
    return roll.close_part(cast.actor(secretary), part, everybody(part, **exceptions), part.version, "", minutes)
