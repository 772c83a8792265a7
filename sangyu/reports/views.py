"""Console pages: the figures of the documents, one figure with its records, one entry of the journal."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sangyu.journal.models import Fact
from sangyu.journal.request import Request
from sangyu.members.models import Membership
from sangyu.reports import figures as counting
from sangyu.reports import queries
from sangyu.reports.figures import Rows
from sangyu.reports.wording import HOW, TODAYS_TREE


def figures(request: Request) -> HttpResponse:
    found = counting.figures_read_by(request.actor)
    page = {
        "counted": [f for f in found if f.value is not None],
        "waiting": [f for f in found if f.value is None],
    }
    return render(request, "reports/console/figures.html", page)


def figure(request: Request, figure_id: str) -> HttpResponse:
    found = counting.figure_read_by(request.actor, figure_id)
    rows = counting.records_behind(request.actor, found)
    page = {"figure": found, "how": HOW.get(found.expected.metric, ""), "todays_tree": TODAYS_TREE}
    if rows is not None:
        page |= _records(request, figure_id, rows)
    return render(request, "reports/console/figure.html", page)


def entry(request: Request, entry_id: int) -> HttpResponse:
    found = queries.entry_seen_by(request.actor, entry_id)
    history = queries.history_seen_by(request.actor, found)
    told, *others = queries.tell_entries(request.actor, [found, *history])
    facts = queries.tell_facts(request.actor, queries.facts_seen_by(request.actor, found))
    return render(request, "reports/console/entry.html", {"told": told, "facts": facts, "history": others})


def _records(request: Request, figure_id: str, rows: Rows) -> dict[str, object]:
    """One page of what a figure counts, by the kind of it, and where the next page is."""
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 19 else None
    if rows.model is Fact:
        found, last = queries.page_after(rows, ("-on", "-id"), start)
        records: dict[str, object] = {"facts": queries.tell_facts(request.actor, found)}
    elif rows.model is Membership:
        found, last = queries.page_after(rows, ("organization__reading", "person__reading", "id"), start)
        records = {"memberships": found}
    else:
        found, last = queries.page_after(rows, ("reading", "id"), start)
        records = {"organizations": found}
    here = reverse("reports:figure", args=[figure_id])
    return {**records, "next_url": f"{here}?after={last}" if last else "", "previous_url": here if start else ""}
