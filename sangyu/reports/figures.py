"""Each figure of the documents, computed from the records by its metric, scope and period; and what is behind it.

Figures stand on today's tree (今日隶属口径), or on request on that of then (当时隶属口径). Flows are facts; stocks are
read from dated rows at the end of the period.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from sangyu.activities.metrics import ACTIVITY
from sangyu.activities.models import Activity
from sangyu.alliances import metrics as alliances
from sangyu.alliances.models import Alliance
from sangyu.alliances.queries import members_on, people_on
from sangyu.journal.actor import Actor
from sangyu.journal.declare import METRICS, Metric
from sangyu.kit.period import Period
from sangyu.kit.refusals import Gone
from sangyu.members import metrics as members
from sangyu.members.models import Circumstance, Membership, Organization, OrganizationPlace
from sangyu.members.models.belonging import CircumstanceKind, MembershipKind
from sangyu.members.models.person import Rank
from sangyu.reports import rules
from sangyu.reports.expected import Expected, expected_figures
from sangyu.tallies import queries as tallies

Rows = QuerySet[Any]  # of Fact, Membership or Organization: what the figure counts


@dataclass(frozen=True, slots=True)
class Scope:
    """What a figure is about: an organization with all below it, today or as it was then, or an alliance."""

    organization: Organization
    alliance: Alliance | None = None
    as_it_was: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """What the documents say beside what the records give; no value where nothing counts it yet."""

    expected: Expected
    value: int | None = None
    scope: Scope | None = None

    @property
    def ok(self) -> bool | None:
        return None if self.value is None else self.expected.is_met_by(self.value)

    @property
    def note(self) -> str:
        return "尚未统计" if self.value is None else ""

    @property
    def verdict(self) -> str:
        """The answer in words: colour is never the only sign."""
        return {None: "尚未统计", True: "相符", False: "不相符"}[self.ok]

    @property
    def metric(self) -> Metric:
        return METRICS[self.expected.metric]


def figures_of(actor: Actor, place: str = "") -> list[Figure]:
    """Every figure of the place (or of all), with its value where the actor may read the place and it is counted."""
    roots = _roots(actor)
    asked = [e for e in expected_figures() if not place or e.place == place]
    return [_figure(actor, expected, roots) for expected in asked]


def figures_read_by(actor: Actor) -> list[Figure]:
    """The figures of the places that the actor reads, and no others."""
    roots = _roots(actor)
    asked = [e for e in expected_figures() if _root_of(e, roots)]
    return [_figure(actor, expected, roots) for expected in asked]


def figure_read_by(actor: Actor, figure_id: str, as_it_was: bool = False) -> Figure:
    """One figure, today's tree or that of then. Raises Gone: there is none, or the actor does not read its place."""
    roots = _roots(actor)
    for expected in expected_figures():
        if expected.id == figure_id and _root_of(expected, roots):
            return _figure(actor, expected, roots, as_it_was)
    raise Gone()


def records_behind(actor: Actor, figure: Figure) -> Rows | None:
    """Facts, members or organizations that the figure counts; None where it is not counted."""
    span = figure.expected.span
    if figure.value is None or figure.scope is None or span is None:
        return None
    if stock := STOCKS.get(figure.expected.metric):
        return stock(figure.scope, span.last_day)
    return tallies.facts_behind(actor, figure.metric, *_asked(figure.scope, span))


def _figure(actor: Actor, expected: Expected, roots: list[Organization], as_it_was: bool = False) -> Figure:
    root, span = _root_of(expected, roots), expected.span
    metric = METRICS.get(expected.metric)
    scope = _scope(root, expected.scope) if root and metric else None
    if metric is None or scope is None or span is None:
        return Figure(expected)
    scope = replace(scope, as_it_was=as_it_was)
    if stock := STOCKS.get(metric.code):
        return Figure(expected, stock(scope, span.last_day).count(), scope)
    return Figure(expected, tallies.figure(actor, metric, *_asked(scope, span)), scope)


def _roots(actor: Actor) -> list[Organization]:
    return [o for o in Organization.objects.filter(parent__isnull=True) if rules.may_read_figures(actor, o)]


def _root_of(expected: Expected, roots: list[Organization]) -> Organization | None:
    return next((root for root in roots if root.name.startswith(expected.place)), None)


def _scope(root: Organization, scope: str) -> Scope | None:
    """The documents name units as people do: 机关工委支部. None where there is no such unit or alliance."""
    kind, _, name = scope.partition(":")
    if not scope:
        return Scope(root)
    if kind == "alliance":
        alliance = Alliance.objects.filter(name=name, convener__line__contains=[root.pk]).first()
        return Scope(root, alliance) if alliance else None
    if kind == "unit":
        below = Organization.objects.under(root).filter(name__startswith=name.removesuffix("支部"))
        return next((Scope(o) for o in below if o.short_name == name), None)
    return None


def _asked(scope: Scope, span: Period) -> tuple[Organization, date, date, tallies.Sources | None, bool]:
    """What tallies are asked for a scope: an alliance's own activities, or everything of an organization."""
    if scope.alliance is None:
        return scope.organization, span.start, span.end, None, scope.as_it_was
    joint = Activity.objects.filter(alliance=scope.alliance).values_list("pk", flat=True)
    return scope.organization, span.start, span.end, (ACTIVITY, joint), scope.as_it_was


def _alliance_organizations(scope: Scope, day: date) -> Rows:
    return members_on(scope.alliance, day) if scope.alliance else Organization.objects.none()


def _alliance_members(scope: Scope, day: date) -> Rows:
    return people_on(scope.alliance, day) if scope.alliance else Membership.objects.none()


def _formal(scope: Scope, day: date) -> QuerySet[Membership]:
    rows = Membership.objects.on(day)
    if scope.as_it_was:
        hung = {"line__contains": [scope.organization.pk], "during__contains": day}
        places = OrganizationPlace.objects.filter(**hung)
        rows = rows.filter(organization__in=places.values("organization"))
    else:
        rows = rows.under(scope.organization)
    return (
        rows.filter(kind=MembershipKind.FORMAL)
        .select_related("person", "organization")
        .order_by("organization__reading", "person__reading", "id")
    )


def _prefecture_rank(scope: Scope, day: date) -> Rows:
    return _formal(scope, day).filter(person__rank=Rank.PREFECTURE)


def _placed(kind: CircumstanceKind) -> Callable[[Scope, date], Rows]:
    """Formal members in that circumstance on the day."""
    return lambda scope, day: _formal(scope, day).filter(
        person__in=Circumstance.objects.on(day).filter(kind=kind).values("person_id")
    )


STOCKS: dict[str, Callable[[Scope, date], Rows]] = {
    alliances.ORGANIZATIONS.code: _alliance_organizations,
    alliances.MEMBERS.code: _alliance_members,
    members.FORMAL.code: _formal,
    members.PREFECTURE_RANK.code: _prefecture_rank,
    members.LIVING_AWAY.code: _placed(CircumstanceKind.AWAY),
    members.HOUSEBOUND.code: _placed(CircumstanceKind.HOUSEBOUND),
}
