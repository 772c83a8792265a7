"""The console's home: what is due on top."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from sangyu.console import due, summary
from sangyu.duties.queries import with_bodies
from sangyu.journal.request import Request
from sangyu.kit import clock
from sangyu.members.queries.organizations import organizations_run_by
from sangyu.members.rules import BRANCH_OFFICERS, BUREAU, OFFICERS


def home(request: Request) -> HttpResponse:
    actor, today = request.actor, clock.today()
    if not actor.realm(OFFICERS):
        return redirect("portal:home")  # a committee member, or somebody whose term has ended
    page: dict[str, object] = {"today": today}
    if actor.realm(BRANCH_OFFICERS):
        branches = list(with_bodies(organizations_run_by(actor, today), today))
        page |= {"branches": branches, "due": due.due_list(actor, branches, today)}
    if actor.realm(BUREAU):
        page["summary"] = summary.summary_for(actor, today)
    return render(request, "console/home.html", page)
