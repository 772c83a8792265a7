"""Console pages: the figures of the documents, one figure with its records, one entry of the journal."""

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render

from sangyu.journal.models import Fact
from sangyu.journal.request import Request
from sangyu.kit import keyset
from sangyu.members.models import Membership, Organization
from sangyu.reports import figures as counting
from sangyu.reports import queries
from sangyu.reports.figures import Rows
from sangyu.reports.wording import HOW, TODAYS_TREE, TREE_OF_THEN

# What stands behind a figure, by what the template calls it; and in which order its index gives it without sorting.
KINDS: dict[type[Model], str] = {Fact: "facts", Membership: "memberships", Organization: "organizations"}
ORDER: dict[type[Model], tuple[str, ...]] = {
    Fact: ("-on", "-id"),
    Membership: ("organization_id", "id"),
    Organization: ("reading", "id"),
}


def figures(request: Request) -> HttpResponse:
    found = counting.figures_read_by(request.actor)
    page = {
        "counted": [f for f in found if f.value is not None],
        "waiting": [f for f in found if f.value is None],
    }
    return render(request, "reports/console/figures.html", page)


def figure(request: Request, figure_id: str) -> HttpResponse:
    then = request.GET.get("basis") == "then"
    found = counting.figure_read_by(request.actor, figure_id, then)
    rows = counting.records_behind(request.actor, found)
    basis = TREE_OF_THEN if then else TODAYS_TREE
    page = {"figure": found, "how": HOW.get(found.expected.metric, ""), "basis": basis, "then": then}
    if rows is not None:
        page |= _records(request, rows)
    return render(request, "reports/console/figure.html", page)


def entry(request: Request, entry_id: int) -> HttpResponse:
    found = queries.entry_seen_by(request.actor, entry_id)
    history = queries.history_seen_by(request.actor, found)
    told, *others = queries.tell_entries(request.actor, [found, *history])
    facts = queries.tell_facts(request.actor, queries.facts_seen_by(request.actor, found))
    return render(request, "reports/console/entry.html", {"told": told, "facts": facts, "history": others})


def _records(request: Request, rows: Rows) -> dict[str, object]:
    """One page of what a figure counts, by the kind of it, and where the others are. Nothing here counts rows."""
    shown = keyset.paged(request, rows.order_by(*ORDER[rows.model]), queries.PAGE)
    records = queries.tell_facts(request.actor, shown.rows) if rows.model is Fact else shown.rows
    return {KINDS[rows.model]: records, "previous_url": shown.previous_url, "next_url": shown.next_url}
