"""到期事项: what a branch officer should do next, each thing once, with its basis, its date and one button."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from sangyu.activities import queries as activities
from sangyu.activities.models import Activity, Participation
from sangyu.alliances import queries as alliances
from sangyu.alliances.models import Place
from sangyu.duties.queries import DueItem, Standing, due_items_and_parts
from sangyu.journal.actor import Actor
from sangyu.kit import clock, spoken
from sangyu.members.models import Organization
from sangyu.members.models.belonging import Role

BADGES = {Standing.LATE: "late", Standing.OPEN: "due", Standing.DUE: "due", Standing.PLANNED: "planned"}
LIAISON = frozenset({Role.LIAISON.value})


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to do: what, how it stands, when, why it is owed, and the button that does the next step."""

    title: str
    standing: str
    badge: str
    when: str
    url: str
    button: str
    branch: str
    bases: list[str] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True, slots=True)
class DueList:
    """First what only wants its roll, what was handed over before all, then late, due, planned; what has time apart."""

    now: list[Card]
    later: list[Card]


def due_list(actor: Actor, branches: Sequence[Organization], on: date) -> DueList:
    """What the actor's own branches have to do. Four queries, however many branches, if these come `with_bodies`."""
    items, held = due_items_and_parts(actor, branches, on)
    owed = [item for item in items if item.standing != Standing.MET]
    opened = [part for part in held if part.on <= on and not part.is_closed]
    due = _without_part(owed, Standing.DUE)
    urgent = [item for item in due if item.due_on <= clock.last_day(on)]
    later = [item for item in due if item.due_on > clock.last_day(on)]
    parts = _duties_by_part(owed, opened)
    begun = [(part, items) for part, items in parts if _has_begun(part)]
    coming = [_planned_card(part, items) for part, items in parts if not _has_begun(part)]
    asked = [_open_card(part, items) for part, items in begun if _is_asked(actor, part)]
    to_close = [_open_card(part, items) for part, items in begun if not _is_asked(actor, part)]
    now = [
        *asked,
        *map(_asked_card, alliances.waiting_for(actor)),
        *to_close,
        *_late_cards(_without_part(owed, Standing.LATE)),
        *map(_draft_card, activities.drafts_of(actor).select_related("host")),
        *map(_due_card, urgent),
        *coming,
    ]
    return DueList(now, [_due_card(item) for item in later])


def _without_part(owed: Iterable[DueItem], standing: Standing) -> list[DueItem]:
    return [item for item in owed if item.standing == standing]


def _duties_by_part(
    owed: Iterable[DueItem], opened: Iterable[Participation]
) -> list[tuple[Participation, list[DueItem]]]:
    """Each open or planned part once, in order of time, with the duties it will meet (one sitting may meet several)."""
    parts = {part.pk: part for part in opened}
    items: dict[int, list[DueItem]] = defaultdict(list)
    for item in owed:
        if item.part is not None:
            parts.setdefault(item.part.pk, item.part)
            items[item.part.pk].append(item)
    ordered = sorted(parts.values(), key=lambda part: (part.activity.starts_at, part.pk))
    return [(part, items[part.pk]) for part in ordered]


def _is_asked(actor: Actor, part: Participation) -> bool:
    """True when the secretary asked this liaison to complete it."""
    return part.handed_to_liaison and actor.holds(LIAISON, part.organization.line)


def _has_begun(part: Participation) -> bool:
    return part.activity.starts_at <= clock.now()


def _open_card(part: Participation, items: list[DueItem]) -> Card:
    note = "书记已请联络员补完。" if part.handed_to_liaison else "活动已经办了，点完名就算完成。"
    return Card(
        part.activity.title,
        Standing.OPEN.value,
        BADGES[Standing.OPEN],
        spoken.moment(part.activity.starts_at),
        reverse("activities:roll", args=[part.pk]),
        "去点名",
        part.organization.short_name,
        _bases(items),
        note,
    )


def _planned_card(part: Participation, items: list[DueItem]) -> Card:
    return Card(
        part.activity.title,
        Standing.PLANNED.value,
        BADGES[Standing.PLANNED],
        spoken.moment(part.activity.starts_at),
        reverse("activities:activity", args=[part.activity_id]),
        "看活动",
        part.organization.short_name,
        _bases(items),
        f"地点：{part.activity.place}",
    )


def _late_cards(items: Iterable[DueItem]) -> list[Card]:
    """One card for each duty of a branch, however many periods have none: help, not a heap of blame."""
    periods: dict[tuple[int, int], list[DueItem]] = defaultdict(list)
    for item in items:
        periods[item.organization.pk, item.rule.pk].append(item)
    return [_late_card(same) for same in periods.values()]


def _late_card(items: list[DueItem]) -> Card:
    first = items[0]
    year = f"{first.due_on.year}年"
    said = "、".join(item.period.label.removeprefix(year) or year for item in items)
    return Card(
        first.rule.name,
        Standing.LATE.value,
        BADGES[Standing.LATE],
        f"{said}还没有记录",
        _plan_url(first),
        "补记或安排",
        first.organization.short_name,
        [first.rule.basis],
        "开过的，照实补记就可以；没开的，另选一天。",
    )


def _due_card(item: DueItem) -> Card:
    missing = item.rule.times - item.done
    note = f"还差{missing}次。" if item.rule.times > 1 else ""
    return Card(
        item.rule.name,
        Standing.DUE.value,
        BADGES[Standing.DUE],
        f"{spoken.day(item.due_on)}前",
        _plan_url(item),
        "去安排",
        item.organization.short_name,
        [item.rule.basis],
        note,
    )


def _draft_card(activity: Activity) -> Card:
    return Card(
        activity.title,
        "还没发布",
        "due",
        spoken.moment(activity.starts_at),
        reverse("activities:activity", args=[activity.pk]),
        "看一看并发布",
        activity.host.short_name,
        note="计划还是草稿，老同志看不到。",
    )


def _asked_card(place: Place) -> Card:
    return Card(
        f"“{place.alliance.name}”邀请本支部加入",
        "等您答复",
        "due",
        f"{spoken.day(place.invited_on)}收到邀请",
        reverse("alliances:alliance", args=[place.alliance_id]),
        "看邀请",
        place.organization.short_name,
        note="参加不参加由本支部决定，隶属关系不变。",
    )


def _plan_url(item: DueItem) -> str:
    asked = {"kind": item.rule.satisfied_by[0], "organization": item.organization.pk}
    return f"{reverse('duties:plan')}?{urlencode(asked)}"


def _bases(items: Iterable[DueItem]) -> list[str]:
    return [f"{item.rule.name}：{item.rule.basis}" for item in items]
