"""A branch's ledger of a month, from its records: nothing is typed twice."""

from datetime import date

from django.db.models import Count, Prefetch
from django.db.models.functions import ExtractMonth

from sangyu.activities import history, ledger_page, queries
from sangyu.activities.history import Event
from sangyu.activities.ledger_page import LedgerPage
from sangyu.activities.models import Activity, Mark, Participation, RollLine
from sangyu.journal.actor import Actor
from sangyu.kit import spoken
from sangyu.kit.period import Period
from sangyu.members.models import Organization


def ledger_of(actor: Actor, organization: Organization, month: date) -> bytes:
    """The branch's 三会一课纪实 of the month of that day, as .docx; what the actor may not read is not in it."""
    return ledger_page.render_many(title_of(organization, month), pages_of(actor, organization, month))


def title_of(organization: Organization, month: date) -> str:
    """机关工委支部2026年11月三会一课纪实; the file is called so, too."""
    return f"{organization.short_name}{Period.month(month).label}三会一课纪实"


def months_of(actor: Actor, organization: Organization, year: int) -> dict[int, int]:
    """How many closed activities each month of the year has, by number of the month."""
    whole = Period.year(date(year, 1, 1))
    parts = queries.ledger_parts(actor, organization, whole.start, whole.end).order_by()
    return dict(parts.values_list(ExtractMonth("on")).annotate(Count("id")))


def pages_of(actor: Actor, organization: Organization, month: date) -> list[LedgerPage]:
    """One page for each closed activity of the month. Seven queries, however many."""
    period = Period.month(month)
    lines = RollLine.objects.select_related("person").order_by("person__reading", "person_id")
    parts = list(
        queries.ledger_parts(actor, organization, period.start, period.end)
        .annotate(branches=Count("activity__participations"))
        .prefetch_related(Prefetch("roll", lines), "activity__steps")
    )
    kinds = queries.kind_names()
    corrections = history.corrections_of(actor, [part.pk for part in parts])
    return [_page(part, kinds, corrections.get(part.pk, [])) for part in parts]


def _page(part: Participation, kinds: dict[str, str], corrections: list[Event]) -> LedgerPage:
    activity, roll = part.activity, list(part.roll.all())
    return LedgerPage(
        branch=part.organization.name,
        kinds=[kinds.get(kind, kind) for kind in activity.kinds],
        title=activity.title,
        planned_start=activity.starts_at,
        planned_end=activity.ends_at,
        place=activity.place,
        chair=activity.chair,
        recorder=activity.recorder,
        expected=len(roll),
        present=len(_names(roll, Mark.PRESENT)),
        online=len(_names(roll, Mark.ONLINE)),
        sent_home=len(_names(roll, Mark.SENT_HOME)),
        present_names=_names(roll, Mark.PRESENT),
        online_names=_names(roll, Mark.ONLINE),
        sent_home_names=_names(roll, Mark.SENT_HOME),
        leave=_with_reasons(roll, Mark.LEAVE),
        absent=_with_reasons(roll, Mark.ABSENT),
        agenda=[step.title for step in activity.steps.all()],
        minutes=_minutes(activity, part),
        joint=_joint(activity, part.branches),  # type: ignore[attr-defined]
        corrections=[f"{spoken.day(event.at)} 更正：{event.sentence}" for event in corrections],
        closed_at=part.closed_at,
    )


def _names(roll: list[RollLine], mark: Mark) -> list[str]:
    return [line.person.name for line in roll if line.mark == mark]


def _with_reasons(roll: list[RollLine], mark: Mark) -> list[tuple[str, str]]:
    return [(line.person.name, line.reason) for line in roll if line.mark == mark]


def _minutes(activity: Activity, part: Participation) -> str:
    """The host's minutes, and what only this branch wrote down."""
    own = f"本支部记录：{part.notes}" if part.notes.strip() else ""
    return "\n".join(text for text in (activity.minutes, own) if text)


def _joint(activity: Activity, branches: int) -> str:
    """An alliance does not merge memberships: each branch keeps a page of its own."""
    if activity.alliance is None:
        return ""
    return f"与“{activity.alliance.name}”共{branches}个支部联合开展；本页为本支部记录"
