"""What a branch owes and how it stands: computed from rules, organizations and their parts in activities."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db.models import Exists, OuterRef, Q, QuerySet

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
    """All duties of the year so far of branches the actor may see, most urgent first. Three queries, however many.

    In the first quarter what ended in the last quarter of the year before is still told: what is late in December is
    late in January. Periods run to the one that holds `on`; a branch owes nothing before it was founded.
    """
    return due_items_and_parts(actor, organizations, on)[0]


def due_items_and_parts(
    actor: Actor, organizations: Sequence[Organization], on: date
) -> tuple[list[DueItem], list[Participation]]:
    """`due_items`, with the parts they were computed from and all earlier ones whose roll is still open."""
    seen = [o for o in organizations if members.may_see(actor, o)]
    year = Period.year(on)
    horizon = min(year.start, Period.quarter(on).previous().start)
    begin = PERIODS["year"](horizon).start
    rules = list(DutyRule.objects.in_force(begin, year.end))
    bodies = _bodies(seen, on)
    parts = _parts_by_branch(seen, Period.week(begin).start, max(year.end, Period.week(on).end))
    items = []
    for organization in seen:
        for rule, nearer in _rules_of(organization, rules):
            if rule.owed_by not in bodies[organization.pk]:
                continue
            for period in _periods(rule, organization, horizon, on):
                if not any(_in_force(other, period.start) for other in nearer):
                    items.append(_item(organization, rule, period, parts[organization.pk], on))
    order = list(Standing)
    items.sort(key=lambda i: (order.index(i.standing), i.due_on, i.organization.reading, i.rule.pk))
    return items, [part for own in parts.values() for part in own]


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
    by_id = {o.pk: o for o in organizations}
    parts: dict[int, list[Participation]] = defaultdict(list)
    for part in activities.parts_that_count(list(by_id), start, end):
        part.organization = by_id[part.organization_id]
        parts[part.organization_id].append(part)
    return parts


def with_bodies(organizations: QuerySet[Organization], on: date) -> QuerySet[Organization]:
    """Each with `has_committee` (支部工作条例 art. 20: from seven full members on) and `has_groups`, so that
    `due_items` need not ask."""
    committee = Appointment.objects.on(on).filter(organization=OuterRef("pk"), role=Role.COMMITTEE)
    groups = Organization.objects.standing(on).filter(parent=OuterRef("pk"), kind=OrganizationKind.GROUP)
    return organizations.annotate(has_committee=Exists(committee), has_groups=Exists(groups))


def _bodies(organizations: Sequence[Organization], on: date) -> dict[int, set[str]]:
    """By branch: as what it owes. One query, none for branches that come from `with_bodies`."""
    told: Iterable[Organization] = organizations
    if any("has_groups" not in vars(o) for o in organizations):
        told = with_bodies(Organization.objects.filter(pk__in=[o.pk for o in organizations]), on)
    return {
        o.pk: {OwedBy.EVERY_BRANCH.value}
        | ({OwedBy.WITH_COMMITTEE.value} if vars(o)["has_committee"] else set())
        | ({OwedBy.WITH_GROUPS.value} if vars(o)["has_groups"] else set())
        for o in told
    }


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


def branches_seen_by(actor: Actor, on: date) -> QuerySet[Organization]:
    """The branches of the board, by reading, ready for `board`."""
    return with_bodies(organizations.organizations_seen_by(actor, on).filter(kind=OrganizationKind.BRANCH), on)


def board(actor: Actor, branches: Sequence[Organization], on: date, standing: Standing | None = None) -> list[Row]:
    """How these branches stand, those with the most late first; with `standing` only what stands so. Two queries."""
    by_branch: dict[int, list[DueItem]] = {b.pk: [] for b in branches}
    for item in due_items(actor, branches, on):
        is_now = on in item.period or item.standing in (Standing.LATE, Standing.OPEN)
        if is_now and standing in (None, item.standing):
            by_branch[item.organization.pk].append(item)
    rows = [Row(b, by_branch[b.pk]) for b in branches if by_branch[b.pk] or standing is None]
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
