"""What a new plan starts from: the sitting before, the month's turn, the set actions; so that it takes seconds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sangyu.activities.models import Activity, ActivityState
from sangyu.alliances.models import Alliance, Turn
from sangyu.alliances.queries import alliances_seen_by
from sangyu.duties.models import ActionSet
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.members.models import Organization, Person

MORNING = 9  # when nothing was held before


def alliances_of(actor: Actor, host: Organization) -> list[Alliance]:
    """The alliances the branch is a member of today."""
    joined = Alliance.objects.filter(places__organization=host, places__during__contains=clock.today()).values("pk")
    return list(alliances_seen_by(actor).filter(pk__in=joined))


def turns_this_month(actor: Actor, alliances: Sequence[Alliance]) -> dict[int, Turn]:
    """Whose turn it is to host this month, by alliance."""
    month = clock.month_of(clock.today())
    turns = Turn.objects.filter(alliance__in=list(alliances), month=month).select_related("host", "alliance")
    return {turn.alliance_id: turn for turn in turns}


def last_held(actor: Actor, host: Organization, alliance: Alliance | None) -> Activity | None:
    """The latest activity of the alliance, or of the branch alone."""
    held = Activity.objects.exclude(state=ActivityState.CANCELLED).order_by("-starts_at", "-id")
    return (held.filter(alliance=alliance) if alliance else held.filter(host=host, alliance=None)).first()


def first_proposal(
    actor: Actor,
    host: Organization,
    alliance: Alliance | None,
    kinds: dict[str, str],
    kind: str,
    scheme: Sequence[ActionSet],
) -> dict[str, Any]:
    """Initial values of the form: place, time of day and chair as before, prescribed actions ticked."""
    before = last_held(actor, host, alliance)
    starts_at = _proposed_start(before)
    kind = kind if kind in kinds else ""
    me = Person.objects.filter(pk=actor.own_id).first()
    return {
        "alliance": alliance.pk if alliance else 0,
        "kinds": [kind] if kind else [],
        "title": f"{starts_at.month}月{kinds[kind]}" if kind else "",
        "starts_at": starts_at,
        "place": before.place if before else "",
        "chair": before.chair if before and before.host_id == host.pk else "",
        "recorder": me.name if me else "",
        "actions": [action.pk for action in scheme if action.is_prescribed],
    }


def as_planned(activity: Activity, scheme: Sequence[ActionSet]) -> dict[str, Any]:
    """Initial values that say what is planned already."""
    titles = [step.title for step in activity.steps.all()]
    known = {action.title: action.pk for action in scheme}
    kept = ("title", "kinds", "starts_at", "ends_at", "place", "chair", "recorder", "notice")
    return {
        **{name: getattr(activity, name) for name in kept},
        "actions": [known[title] for title in titles if title in known],
        "more_steps": "\n".join(title for title in titles if title not in known),
    }


def _proposed_start(before: Activity | None) -> datetime:
    """The same day and hour as last time, in this month or, when it was held, the next; never in the past."""
    now = clock.now()
    if before is None:
        return _tomorrow(now, MORNING, 0)
    held = before.starts_at.astimezone(clock.SHANGHAI)
    month = clock.month_of(now.date())
    if clock.month_of(held.date()) >= month:
        month = clock.last_day(held.date()) + timedelta(days=1)
    day = min(held.day, clock.last_day(month).day)
    start = datetime(month.year, month.month, day, held.hour, held.minute, tzinfo=clock.SHANGHAI)
    return start if start > now else _tomorrow(now, held.hour, held.minute)


def _tomorrow(now: datetime, hour: int, minute: int) -> datetime:
    return (now + timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0)
