"""Importing rosters by upload: what was uploaded, what would happen, how far it is, what came of it."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from sangyu.journal.request import Request
from sangyu.kit.doors import attempt
from sangyu.members.actions import roster_branches
from sangyu.members.actions import rosters as actions
from sangyu.members.models import RosterImport
from sangyu.members.models.roster import ImportState
from sangyu.members.queries import rosters as queries
from sangyu.members.queries.missing_branches import missing_branches
from sangyu.members.roster.columns import LABELS
from sangyu.members.roster_forms import RosterForm

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AGAIN = "这份花名册已经上传过，什么都没有改变。"
READ = "花名册已读取，还没有导入。请看一看下面的结果，再确认。"
EARLIER, FAULTS = 20, 20  # rows of a page


def rosters(request: Request) -> HttpResponse:
    organizations = queries.organizations_open_to_import(request.actor)
    form = RosterForm(request.POST or None, request.FILES or None, organizations=organizations)
    if request.method == "POST" and form.is_valid():
        received = attempt(form, lambda: _receive(request, form))
        if received:
            return redirect("members:roster", received.pk)
    page = {"form": form, **_paged(request, queries.rosters_seen_by(request.actor), EARLIER)}
    return render(request, "members/console/rosters.html", page)


def roster(request: Request, roster_id: int) -> HttpResponse:
    found = queries.roster_seen_by(request.actor, roster_id)
    page = {
        "roster": found,
        "counts": queries.line_counts(request.actor, found),
        "branches": queries.branch_counts(request.actor, found),
        "missing": missing_branches(request.actor, found),
        "sheets": _sheets(found),
        "remarked": queries.remarked_lines(request.actor, found)[:FAULTS],
        **_paged(request, queries.faulty_lines(request.actor, found), FAULTS),
    }
    return render(request, "members/console/roster.html", page)


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
    messages.success(request, f"新建了{len(founded)}个支部，花名册已按新的支部重新核对。")
    return redirect("members:roster", roster_id)


def roster_progress(request: Request, roster_id: int) -> HttpResponse:
    found = queries.roster_seen_by(request.actor, roster_id)
    if "HX-Request" not in request.headers:
        return redirect("members:roster", roster_id)
    if found.state != ImportState.QUEUED:
        return HttpResponseClientRefresh()
    return render(request, "members/console/roster_progress.html", {"roster": found})


def roster_faults(request: Request, roster_id: int) -> FileResponse:
    found = queries.roster_seen_by(request.actor, roster_id)
    content = BytesIO(actions.hand_out_faults(request.actor, found))
    return FileResponse(content, as_attachment=True, filename="花名册需要改正的行.xlsx", content_type=WORKBOOK)


def _receive(request: Request, form: RosterForm) -> RosterImport:
    """The upload, and in a sentence what became of it."""
    organization, file = form.cleaned_data["organization"], form.cleaned_data["file"]
    content = file.read()
    before = queries.roster_of_file(request.actor, organization, content)
    received = actions.receive_roster(request.actor, organization, file.name, content, form.cleaned_data["as_of"])
    unchanged = before is not None and before.state == received.state and before.total == received.total
    messages.add_message(request, messages.INFO if unchanged else messages.SUCCESS, AGAIN if unchanged else READ)
    return received


def _sheets(found: RosterImport) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each sheet with its columns: what they are taken for, and what they are called there."""
    columns = found.reading["columns"]
    return [(sheet, [(LABELS[field], header) for field, header in fields.items()]) for sheet, fields in columns.items()]


def _paged(request: Request, rows: QuerySet[Any], size: int) -> dict[str, Any]:
    page: Page[Any] = Paginator(rows, size).get_page(request.GET.get("page"))
    return {
        "rows": page,
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
