"""Figures, and the facts behind them. Each figure is one statement, and equals its plain count at any moment.

Today's tree by default (今日隶属口径); `as_it_was` counts each month where its organizations hung on the last day of it
(当时隶属口径).
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, Exists, F, Func, OuterRef, QuerySet, Sum

from sangyu.journal.actor import Actor
from sangyu.journal.declare import Metric, Source
from sangyu.journal.models import Fact
from sangyu.members import rules
from sangyu.members.models import Organization, OrganizationPlace
from sangyu.tallies import sums
from sangyu.tallies.months import cover

Sources = tuple[Source, Collection[int] | QuerySet[Any, int]]
FEW = 200  # organizations
DISTINCT = "distinct"  # the kind of metric that counts each person once in a period


def figure(
    actor: Actor,
    metric: Metric,
    organization: Organization,
    start: date,
    end: date,
    sources: Sources | None = None,
    as_it_was: bool = False,
) -> int:
    """Sum of a metric's facts in [start, end) at and below an organization, in the metric's unit.

    Whoever does not see the organization itself gets what they see below it. `sources` restricts to some records, such
    as the activities of one alliance, and is counted plainly.
    """
    if sources is not None:
        return plain_figure(actor, metric, organization, start, end, sources, as_it_was)
    nodes = sums.GIVEN if rules.may_see(actor, organization) else sums.TOPMOST
    values = _values(actor, metric, [organization.pk])
    if metric.kind == DISTINCT:
        return sums.people(nodes, {**values, "from": start, "until": end}, as_it_was)
    if as_it_was:
        return sums.then(nodes, values, cover(start, end))
    return sum(sums.today(nodes, values, cover(start, end)).values())


def totals(actor: Actor, metric: Metric, organization_ids: Sequence[int], start: date, end: date) -> dict[int, int]:
    """`figure` of many organizations at once, today's tree; those that the actor does not see are left out."""
    nodes = sums.THERE if actor.may("members.read_all") else sums.SEEN
    values = _values(actor, metric, list(organization_ids))
    if metric.kind == DISTINCT:
        return sums.people_of_each(nodes, {**values, "from": start, "until": end})
    return sums.today(nodes, values, cover(start, end))


def stocks(actor: Actor, metric: Metric, organization_ids: Sequence[int], on: date) -> dict[int, int]:
    """How many there are on a day at and below each organization: a stock is everything counted up to that day."""
    return totals(actor, metric, organization_ids, date.min, on + timedelta(days=1))


def plain_figure(
    actor: Actor,
    metric: Metric,
    organization: Organization,
    start: date,
    end: date,
    sources: Sources | None = None,
    as_it_was: bool = False,
) -> int:
    """`figure`, counted from the facts one by one: what every faster way is held against."""
    found = facts(actor, metric, organization, start, end, sources, as_it_was)
    if metric.kind == DISTINCT:
        people = found.filter(person_id__isnull=False).values("person_id").annotate(n=Sum("amount"))
        return people.filter(n__gt=0).count()
    return found.aggregate(n=Sum("amount"))["n"] or 0


def facts_behind(
    actor: Actor,
    metric: Metric,
    organization: Organization,
    start: date,
    end: date,
    sources: Sources | None = None,
    as_it_was: bool = False,
) -> QuerySet[Fact]:
    """The standing facts behind a figure, newest first: none that were retracted, and no retractions."""
    taken_back = Fact.objects.filter(retracts=OuterRef("pk"))
    return (
        facts(actor, metric, organization, start, end, sources, as_it_was)
        .filter(~Exists(taken_back), retracts__isnull=True)
        .select_related("entry")
        .order_by("-on", "-id")
    )


def facts(
    actor: Actor,
    metric: Metric,
    organization: Organization,
    start: date,
    end: date,
    sources: Sources | None = None,
    as_it_was: bool = False,
) -> QuerySet[Fact]:
    """All rows of a metric in [start, end) at and below an organization, within what the actor may see."""
    found = Fact.objects.filter(metric=metric.number, on__gte=start, on__lt=end)
    if as_it_was:
        found = found.filter(Exists(_hung(actor, organization)))
    else:
        found = found.filter(organization_id__in=_below(actor, organization, FEW if sources is None else 0))
    if sources is not None:
        source, ids = sources
        found = found.filter(entry__subject_kind=source.number, entry__subject_id__in=ids)
    return found


def _below(actor: Actor, organization: Organization, few: int) -> Collection[int] | QuerySet[Organization, int]:
    """Organizations at and below that the actor sees: their numbers where they are at most `few`, else the question.

    Only from numbers does the planner know how many facts they have. Told to look below a branch, it once read two
    million facts of everybody from the newest on, to find fifty.
    """
    below = Organization.objects.under(organization).values_list("pk", flat=True)
    if not rules.may_see(actor, organization):  # asked twice, it takes a city for a branch
        below = below.filter(rules.visible_to(actor))
    numbers = list(below[: few + 1]) if few and organization.parent_id else []
    return numbers if 0 < len(numbers) <= few else below


def _hung(actor: Actor, organization: Organization) -> QuerySet[OrganizationPlace]:
    """Where a fact's organization hung on the last day of its month, if it was below what the actor sees today."""
    nodes = [organization.pk]
    if not rules.may_see(actor, organization):
        nodes = list(Organization.objects.under(organization).filter(pk__in=_realm(actor)).values_list("pk", flat=True))
    return OrganizationPlace.objects.filter(
        organization_id=OuterRef("organization_id"), line__overlap=nodes, during__contains=_last_day(OuterRef("on"))
    )


def _last_day(day: F | OuterRef) -> Func:
    """The last day of a day's month."""
    template = "(date_trunc('month', %(expressions)s::timestamp) + interval '1 month - 1 day')::date"
    return Func(day, template=template, output_field=DateField())


def _realm(actor: Actor) -> list[int]:
    return actor.realm(rules.OFFICERS)


def _values(actor: Actor, metric: Metric, nodes: list[int]) -> sums.Values:
    return {"metric": metric.number, "nodes": nodes, "realm": _realm(actor)}
