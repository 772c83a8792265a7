"""What a branch owes and how it stands: computed from rules, organizations and their parts in activities."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db.models import Q, QuerySet

from sangyu.activities import queries as activities
from sangyu.activities.models import Participation
from sangyu.duties.models import ActionSet, DutyRule, OwedBy
from sangyu.journal.actor import Actor
from sangyu.kit.period import Period
from sangyu.kit.refusals import Gone
from sangyu.members import rules as members
from sangyu.members.models import Appointment, Organization
from sangyu.members.models.belonging import Role
from sangyu.members.models.organization import OrganizationKind
from sangyu.members.queries import organizations

PERIODS = {"week": Period.week, "month": Period.month, "quarter": Period.quarter, "year": Period.year}


class Standing(Enum):
    """How a duty stands, most urgent first. Words for people; colour is never the only sign."""

    LATE = "逾期"
    OPEN = "待补完"  # held, but this branch has not closed its roll
    DUE = "待安排"
    PLANNED = "已安排"
    MET = "已完成"


@dataclass(frozen=True, slots=True)
class DueItem:
    """One duty of one branch in one period, with the part that meets or will meet it."""

    organization: Organization
    rule: DutyRule
    period: Period
    standing: Standing
    done: int
    part: Participation | None

    @property
    def due_on(self) -> date:
        return self.period.last_day


def due_items(actor: Actor, organizations: Sequence[Organization], on: date) -> list[DueItem]:
    """All duties of the year so far of branches the actor may see, most urgent first. Five queries, however many.

    In the first quarter what ended in the last quarter of the year before is still told: what is late in December is
    late in January. Periods run to the one that holds `on`; a branch owes nothing before it was founded.
    """
    seen = [o for o in organizations if members.may_see(actor, o)]
    year = Period.year(on)
    horizon = min(year.start, Period.quarter(on).previous().start)
    begin = PERIODS["year"](horizon).start
    rules = list(DutyRule.objects.in_force(begin, year.end))
    committees, groups = _with_committee(seen, on), _with_groups(seen, on)
    parts = _parts_by_branch(seen, Period.week(begin).start, max(year.end, Period.week(on).end))
    items = []
    for organization in seen:
        for rule, nearer in _rules_of(organization, rules):
            if rule.owed_by == OwedBy.WITH_COMMITTEE and organization.pk not in committees:
                continue
            if rule.owed_by == OwedBy.WITH_GROUPS and organization.pk not in groups:
                continue
            for period in _periods(rule, organization, horizon, on):
                if not any(_in_force(other, period.start) for other in nearer):
                    items.append(_item(organization, rule, period, parts[organization.pk], on))
    order = list(Standing)
    return sorted(items, key=lambda i: (order.index(i.standing), i.due_on, i.organization.reading, i.rule.pk))


def owed_now(actor: Actor, organizations: Sequence[Organization], on: date) -> list[DueItem]:
    """What still wants doing: everything late or open, and what is due in the current periods."""
    return [i for i in due_items(actor, organizations, on) if i.standing != Standing.MET]


def _rules_of(organization: Organization, rules: Iterable[DutyRule]) -> Iterator[tuple[DutyRule, list[DutyRule]]]:
    """Every rule set at or above the organization, earlier wordings too, as each holds for its own periods.

    With each the rules that replace it while they are in force: a city's own instead of its superior's of that code.
    """
    depth = {organization_id: depth for depth, organization_id in enumerate(organization.line)}
    held = [rule for rule in rules if rule.organization_id in depth]
    for rule in held:
        at = depth[rule.organization_id]
        yield rule, [other for other in held if other.code == rule.code and depth[other.organization_id] > at]


def _in_force(rule: DutyRule, day: date) -> bool:
    return rule.since <= day and (rule.until is None or rule.until > day)


def _periods(rule: DutyRule, organization: Organization, horizon: date, on: date) -> Iterator[Period]:
    """Periods that end after the horizon and begin by `on`, whole under the rule and the branch's life."""
    owed_from = max(rule.since, organization.founded_on)
    period = PERIODS[rule.period](horizon)
    while period.start <= on:
        ended = rule.until is not None and rule.until < period.end
        if period.last_day >= horizon and period.start >= owed_from and not ended:
            yield period
        period = PERIODS[rule.period](period.end)


def _item(organization: Organization, rule: DutyRule, period: Period, parts: list[Participation], on: date) -> DueItem:
    own = [p for p in parts if p.on in period and set(p.activity.kinds) & set(rule.satisfied_by)]
    met = [p for p in own if p.counts]  # type: ignore[attr-defined]
    waiting = [p for p in own if not p.is_closed]
    held = [p for p in waiting if p.on <= on]
    if len(met) >= rule.times:
        standing, part = Standing.MET, met[0]
    elif held:
        standing, part = Standing.OPEN, held[0]
    elif waiting:
        standing, part = Standing.PLANNED, waiting[0]
    else:
        standing, part = (Standing.LATE if on >= period.end else Standing.DUE), None
    return DueItem(organization, rule, period, standing, len(met), part)


def _parts_by_branch(organizations: Sequence[Organization], start: date, end: date) -> dict[int, list[Participation]]:
    parts: dict[int, list[Participation]] = defaultdict(list)
    for part in activities.parts_that_count([o.pk for o in organizations], start, end):
        parts[part.organization_id].append(part)
    return parts


def _with_committee(organizations: Sequence[Organization], on: date) -> set[int]:
    """Branches whose committee has members (支部工作条例 art. 20: from seven full members on)."""
    held = Appointment.objects.on(on).filter(organization__in=organizations, role=Role.COMMITTEE)
    return set(held.values_list("organization_id", flat=True))


def _with_groups(organizations: Sequence[Organization], on: date) -> set[int]:
    groups = Organization.objects.standing(on).filter(parent__in=organizations, kind=OrganizationKind.GROUP)
    return {parent for parent in groups.values_list("parent_id", flat=True) if parent is not None}


@dataclass(frozen=True, slots=True)
class Row:
    """One branch of the board: what it still owes and what is done, in the periods running now and what is late."""

    organization: Organization
    items: list[DueItem]

    def count(self, standing: Standing) -> int:
        return sum(item.standing == standing for item in self.items)

    @property
    def counts(self) -> list[tuple[Standing, int]]:
        return [(standing, self.count(standing)) for standing in Standing]

    @property
    def most_urgent(self) -> DueItem | None:
        return next((item for item in self.items if item.standing != Standing.MET), None)


def board(actor: Actor, on: date, standing: Standing | None = None, organization_id: int | None = None) -> list[Row]:
    """Branches the actor sees, those with the most late first; with `standing` only what stands so. Six queries."""
    branches = list(organizations.organizations_seen_by(actor, on).filter(kind=OrganizationKind.BRANCH))
    by_branch: dict[int, list[DueItem]] = {b.pk: [] for b in branches if organization_id in (None, b.pk)}
    for item in due_items(actor, [b for b in branches if b.pk in by_branch], on):
        is_now = on in item.period or item.standing in (Standing.LATE, Standing.OPEN)
        if is_now and standing in (None, item.standing):
            by_branch[item.organization.pk].append(item)
    rows = [Row(b, by_branch[b.pk]) for b in branches if b.pk in by_branch and (by_branch[b.pk] or standing is None)]
    return sorted(rows, key=lambda row: [-row.count(s) for s in (Standing.LATE, Standing.OPEN, Standing.DUE)])


def rule_seen_by(actor: Actor, rule_id: int) -> DutyRule:
    """One rule that holds for, or is set below, an organization the actor works for. Raises Gone."""
    realm = actor.realm(members.OFFICERS)
    above = {i for line in Organization.objects.filter(pk__in=realm).values_list("line", flat=True) for i in line}
    seen = DutyRule.objects.filter(Q(organization_id__in=above) | Q(organization__line__overlap=realm), pk=rule_id)
    rule = seen.select_related("organization").first()
    if rule is None:
        raise Gone()
    return rule


def rules_for(actor: Actor, organization: Organization) -> QuerySet[DutyRule]:
    """The rules set at or above an organization the actor may see, with where they were set."""
    return DutyRule.objects.filter(organization_id__in=organization.line).select_related("organization").order_by("id")


def agenda_for(organization: Organization) -> list[ActionSet]:
    """Set and chosen actions of the nearest ancestor that has any: what a new agenda starts from."""
    found: dict[int, list[ActionSet]] = defaultdict(list)
    for action in ActionSet.objects.filter(organization_id__in=organization.line):
        found[action.organization_id].append(action)
    return next((found[i] for i in reversed(organization.line) if i in found), [])
