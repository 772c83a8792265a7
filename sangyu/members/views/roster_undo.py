"""Undoing a whole import: what would go, or what stands in its way."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from sangyu.journal.request import Request
from sangyu.kit.doors import attempt
from sangyu.members.actions import roster_undo as actions
from sangyu.members.queries import roster_undo as queries
from sangyu.members.queries.rosters import roster_seen_by


def undo_roster(request: Request, roster_id: int) -> HttpResponse:
    roster = roster_seen_by(request.actor, roster_id)
    if not queries.may_be_undone(roster):
        return redirect("members:roster", roster_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: actions.ask_to_undo(request.actor, roster))
        if form.is_valid():
            return redirect("members:roster", roster_id)
    made = queries.made_by(request.actor, roster)
    built = queries.built_on(request.actor, roster, made)
    page = {"roster": roster, "form": form, "made": made, "built": built}
    return render(request, "members/console/roster_undo.html", page)
