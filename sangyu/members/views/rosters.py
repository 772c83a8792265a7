"""Importing rosters by upload: what was uploaded, what would happen, how far it is, what came of it."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from sangyu.journal.request import Request
from sangyu.kit import keyset
from sangyu.kit.doors import attempt
from sangyu.members.actions import roster_branches
from sangyu.members.actions import rosters as actions
from sangyu.members.models import RosterImport
from sangyu.members.models.roster import ImportState, LineState
from sangyu.members.queries import roster_corrections
from sangyu.members.queries import rosters as queries
from sangyu.members.queries.missing_branches import missing_branches
from sangyu.members.roster.columns import LABELS
from sangyu.members.roster_forms import RosterForm

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AGAIN = "这份花名册已经上传过，什么都没有改变。"
STORED = "收到了，正在读取。可以离开这一页去办别的事，读完以后再来确认。"
CORRECTED = (ImportState.READ, ImportState.DONE)
EARLIER, FAULTS, BRANCHES, MISSING = 20, 20, 20, 100  # rows of a page
UNDER_WAY = (ImportState.RECEIVED, ImportState.QUEUED, ImportState.UNDOING)
WITH_RESULT = (ImportState.READ, ImportState.QUEUED, ImportState.DONE, ImportState.REFUSED, ImportState.UNDONE)


def rosters(request: Request) -> HttpResponse:
    organizations = queries.organizations_open_to_import(request.actor)
    form = RosterForm(request.POST or None, request.FILES or None, organizations=organizations)
    if request.method == "POST" and form.is_valid():
        stored = attempt(form, lambda: _store(request, form))
        if stored:
            return redirect("members:roster", stored.pk)
    listed = keyset.paged(request, queries.rosters_seen_by(request.actor), EARLIER)
    page = {
        "form": form,
        "rows": queries.with_counts(request.actor, listed.rows),
        "previous_url": listed.previous_url,
        "next_url": listed.next_url,
        "under_way": [roster for roster in listed.rows if roster.state in UNDER_WAY],
        "waiting": [roster for roster in listed.rows if roster.state in (ImportState.READ, ImportState.UNCLEAR)],
    }
    return render(request, "members/console/rosters.html", page)


def rosters_under_way(request: Request) -> HttpResponse:
    """How far those are that the list was watching; when one is finished the list is shown anew, and says so."""
    if "HX-Request" not in request.headers:
        return redirect("members:rosters")
    watched = queries.rosters_seen_by(request.actor).filter(pk__in=_numbers(request.GET.getlist("watch")))
    under_way = [roster for roster in watched if roster.state in UNDER_WAY]
    finished = [roster for roster in watched if roster.state not in UNDER_WAY]
    for roster in finished:
        messages.success(request, f"“{roster.file_name}”：{roster.get_state_display()}。")
    if finished or not under_way:
        return HttpResponseClientRefresh()
    return render(request, "members/console/rosters_under_way.html", {"under_way": under_way})


def roster(request: Request, roster_id: int) -> HttpResponse:
    found = queries.roster_seen_by(request.actor, roster_id)
    page: dict[str, Any] = {"roster": found, "is_under_way": found.state in UNDER_WAY, "reading": found.reading}
    if found.state in WITH_RESULT:
        page |= _result(request, found)
    return render(request, "members/console/roster.html", page)


def roster_branches_page(request: Request, roster_id: int) -> HttpResponse:
    found = queries.roster_seen_by(request.actor, roster_id)
    branches = keyset.paged(request, roster_corrections.branches_named(request.actor, found), BRANCHES)
    page = {
        "roster": found,
        "branches": roster_corrections.counts_of(request.actor, found, branches.rows),
        "previous_url": branches.previous_url,
        "next_url": branches.next_url,
    }
    return render(request, "members/console/roster_branches.html", page)


@require_POST
def confirm_roster(request: Request, roster_id: int) -> HttpResponse:
    actions.confirm_roster(request.actor, queries.roster_seen_by(request.actor, roster_id))
    return redirect("members:roster", roster_id)


@require_POST
def give_up_roster(request: Request, roster_id: int) -> HttpResponse:
    found = queries.roster_seen_by(request.actor, roster_id)
    actions.give_up_roster(request.actor, found, "经办人决定不导入。")
    return redirect("members:roster", roster_id)


@require_POST
def found_branches(request: Request, roster_id: int) -> HttpResponse:
    found = queries.roster_seen_by(request.actor, roster_id)
    founded = roster_branches.found_named_branches(request.actor, found, request.POST.getlist("names"))
    messages.success(request, f"新建了{len(founded)}个支部，花名册正在按新的支部重新核对。")
    return redirect("members:roster", roster_id)


def roster_progress(request: Request, roster_id: int) -> HttpResponse:
    found = queries.roster_seen_by(request.actor, roster_id)
    if "HX-Request" not in request.headers:
        return redirect("members:roster", roster_id)
    if found.state not in UNDER_WAY:
        return HttpResponseClientRefresh()
    return render(request, "members/console/roster_progress.html", {"roster": found})


def roster_faults(request: Request, roster_id: int) -> FileResponse:
    found = queries.roster_seen_by(request.actor, roster_id)
    content = BytesIO(actions.hand_out_faults(request.actor, found))
    return FileResponse(content, as_attachment=True, filename="花名册需要改正的行.xlsx", content_type=WORKBOOK)


def _store(request: Request, form: RosterForm) -> RosterImport:
    """The upload, and in a sentence what became of it."""
    organization, file = form.cleaned_data["organization"], form.cleaned_data["file"]
    content = file.read()
    before = queries.roster_of_file(request.actor, organization, content)
    stored = actions.store_roster(request.actor, organization, file.name, content, form.cleaned_data["as_of"])
    unchanged = before is not None and stored.state != ImportState.RECEIVED
    messages.add_message(request, messages.INFO if unchanged else messages.SUCCESS, AGAIN if unchanged else STORED)
    return stored


def _result(request: Request, found: RosterImport) -> dict[str, Any]:
    actor = request.actor
    branches = list(roster_corrections.branches_named(actor, found)[: BRANCHES + 1])
    faulty, remarked = queries.first_problems(actor, found, FAULTS)
    counts, missing = queries.line_counts(actor, found), missing_branches(actor, found)
    return {
        "counts": counts,
        "may_correct": found.state in CORRECTED,
        "may_be_undone": found.state in CORRECTED and bool(counts[LineState.IMPORTED]),
        "branches": roster_corrections.counts_of(actor, found, branches[:BRANCHES]),
        "has_more_branches": len(branches) > BRANCHES,
        "missing": missing[:MISSING],
        "missing_count": len(missing),
        "sheets": _sheets(found),
        "remarked": remarked,
        "rows": faulty,
    }


def _sheets(found: RosterImport) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each sheet with its columns: what they are taken for, and what they are called there."""
    columns = found.reading["columns"]
    return [(sheet, [(LABELS[field], header) for field, header in fields.items()]) for sheet, fields in columns.items()]


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 19][:EARLIER]
