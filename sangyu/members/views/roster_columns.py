"""Saying what the columns of a roster mean, and what was said before."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from sangyu.journal.request import Request
from sangyu.kit import keyset
from sangyu.kit.doors import attempt
from sangyu.members.actions import roster_columns as actions
from sangyu.members.models import RosterImport
from sangyu.members.queries import roster_columns as queries
from sangyu.members.queries.rosters import roster_seen_by
from sangyu.members.roster_forms import ColumnsForm

PAGE = 20


def map_columns(request: Request, roster_id: int) -> HttpResponse:
    roster = roster_seen_by(request.actor, roster_id)
    sheets = queries.unclear_sheets(request.actor, roster)
    if not sheets:
        return redirect("members:roster", roster_id)
    chosen = request.GET.get("header", "")
    header = int(chosen) if chosen.isdecimal() and len(chosen) < 4 else None
    sample = queries.sheet_sample(request.actor, roster, request.GET.get("sheet", ""), header)
    form = ColumnsForm(request.POST or None, columns=sample.columns)
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _remember(request, roster, form)):
        messages.success(request, "记住了这些列名，正在重新读取。下一次上传同样的表就不用再指定。")
        return redirect("members:roster", roster_id)
    page = {"roster": roster, "sheets": sheets, "sample": sample, "form": form}
    return render(request, "members/console/roster_columns.html", page)


def taught_columns(request: Request) -> HttpResponse:
    taught = keyset.paged(request, queries.columns_taught(request.actor), PAGE)
    page = {
        "rows": [(column, queries.said_of(column)) for column in taught.rows],
        "previous_url": taught.previous_url,
        "next_url": taught.next_url,
    }
    return render(request, "members/console/roster_columns_taught.html", page)


@require_POST
def forget_column(request: Request, column_id: int) -> HttpResponse:
    column = queries.column_seen_by(request.actor, column_id)
    actions.forget_column(request.actor, column)
    messages.success(request, f"忘掉了“{column.label}”，下一次遇到时会再问。")
    return redirect("members:taught_columns")


def _remember(request: Request, roster: RosterImport, form: ColumnsForm) -> bool:
    actions.map_columns(request.actor, roster, form.meanings)
    return True
