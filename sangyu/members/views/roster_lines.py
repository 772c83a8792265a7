"""The rows of a roster: all that have to be corrected, one of them to correct in place, and those left out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from sangyu.journal.request import Request
from sangyu.kit import keyset
from sangyu.kit.doors import attempt
from sangyu.members.actions import roster_corrections as actions
from sangyu.members.models import RosterLine
from sangyu.members.models.roster import LineState
from sangyu.members.queries import roster_corrections as queries
from sangyu.members.queries.rosters import faulty_lines, line_counts, roster_seen_by
from sangyu.members.roster_forms import LineForm

PAGE = 20
GOOD = "第{number}行改好了，可以导入。"
KNOWN = "第{number}行的这位同志已经在系统中，不用再导入。"


def roster_lines(request: Request, roster_id: int) -> HttpResponse:
    """Rows to correct; with ?left_out=1 those that a person has left out."""
    roster = roster_seen_by(request.actor, roster_id)
    is_left_out = "left_out" in request.GET
    listed = queries.left_out_lines if is_left_out else faulty_lines
    lines = keyset.paged(request, listed(request.actor, roster), PAGE)
    page = {
        "roster": roster,
        "counts": line_counts(request.actor, roster),
        "is_left_out": is_left_out,
        "may_correct": roster.state in actions.QUIET,
        "rows": lines.rows,
        "previous_url": lines.previous_url,
        "next_url": lines.next_url,
    }
    return render(request, "members/console/roster_lines.html", page)


def roster_line(request: Request, roster_id: int, line_id: int) -> HttpResponse:
    line = queries.line_seen_by(request.actor, roster_id, line_id)
    if line.state not in actions.OPEN:
        return redirect("members:roster", roster_id)
    form = _form(request, line)
    if request.method == "POST" and form.is_valid():
        judged = attempt(form, lambda: actions.correct_line(request.actor, line, form.cleaned_data))
        if judged and judged.state != LineState.BAD:
            said = KNOWN if judged.state == LineState.KNOWN else GOOD
            messages.success(request, said.format(number=line.number))
            return redirect("members:roster_lines", roster_id)
        if judged:
            form.tell(judged.problems)
    elif request.method == "GET":
        actions.open_line(request.actor, line)
        form.tell(line.problems)
    return render(request, "members/console/roster_line.html", {"line": line, "roster": line.roster, "form": form})


@require_POST
def leave_out_line(request: Request, roster_id: int, line_id: int) -> HttpResponse:
    line = queries.line_seen_by(request.actor, roster_id, line_id)
    actions.leave_out_line(request.actor, line)
    messages.success(request, f"第{line.number}行不导入。要改主意，可以在“不导入的行”里找到它。")
    return redirect("members:roster_lines", roster_id)


def _form(request: Request, line: RosterLine) -> LineForm:
    headers = line.roster.reading["columns"].get(line.sheet, {})
    return LineForm(request.POST if request.method == "POST" else line.text, headers)
