"""Figures from facts, and the records behind them. Plain counts: the oracle of everything faster that will follow."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Sum

from sangyu.journal.actor import Actor
from sangyu.journal.declare import Metric, Source
from sangyu.journal.models import Fact
from sangyu.members import rules
from sangyu.members.models import Organization

Sources = tuple[Source, Sequence[int]]


def figure(
    actor: Actor, metric: Metric, organization: Organization, start: date, end: date, sources: Sources | None = None
) -> int:
    """Sum of a metric's facts in [start, end) at and below an organization, today's tree, in the metric's unit.

    `sources` restricts to some records, such as the activities of one alliance.
    """
    return facts(actor, metric, organization, start, end, sources).aggregate(n=Sum("amount"))["n"] or 0


def totals(actor: Actor, metric: Metric, organization_ids: Sequence[int], start: date, end: date) -> dict[int, int]:
    """`figure` of many organizations at once: sum of a metric's facts in [start, end) at and below each of them."""
    asked = Organization.objects.filter(rules.visible_to(actor), pk__in=organization_ids)
    return {organization.pk: figure(actor, metric, organization, start, end) for organization in asked}


def stocks(actor: Actor, metric: Metric, organization_ids: Sequence[int], on: date) -> dict[int, int]:
    """How many there are on a day at and below each organization: a stock is everything counted up to that day."""
    return totals(actor, metric, organization_ids, date.min, on + timedelta(days=1))


def facts_behind(
    actor: Actor, metric: Metric, organization: Organization, start: date, end: date, sources: Sources | None = None
) -> QuerySet[Fact]:
    """The standing facts behind a figure, newest first: none that were retracted, and no retractions."""
    taken_back = Fact.objects.filter(retracts=OuterRef("pk"))
    return (
        facts(actor, metric, organization, start, end, sources)
        .filter(~Exists(taken_back), retracts__isnull=True)
        .select_related("entry")
        .order_by("-on", "-id")
    )


def facts(
    actor: Actor, metric: Metric, organization: Organization, start: date, end: date, sources: Sources | None = None
) -> QuerySet[Fact]:
    """All rows of a metric in [start, end) at and below an organization, within what the actor may see."""
    below = Organization.objects.under(organization).filter(rules.visible_to(actor))
    found = Fact.objects.filter(metric=metric.number, on__gte=start, on__lt=end, organization_id__in=below.values("pk"))
    if sources is not None:
        source, ids = sources
        found = found.filter(entry__subject_kind=source.number, entry__subject_id__in=ids)
    return found
