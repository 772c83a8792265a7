"""Hanging an organization elsewhere: the bureau chooses a new superior and a day."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from sangyu.journal.request import Request
from sangyu.kit import clock
from sangyu.kit.doors import attempt
from sangyu.kit.refusals import require
from sangyu.members import rules
from sangyu.members.actions.organizations import move_organization
from sangyu.members.moving_forms import MoveForm
from sangyu.members.queries import organizations as queries
from sangyu.members.queries.moving import superiors_for


def move(request: Request, organization_id: int) -> HttpResponse:
    place = queries.organization_seen_by(request.actor, organization_id)
    require(rules.may_release(request.actor, place))
    superiors = superiors_for(request.actor, place, clock.today())
    form = MoveForm(request.POST or None, superiors=superiors)
    if request.method == "POST" and form.is_valid():
        moved = attempt(form, lambda: move_organization(request.actor, place, **form.cleaned_data))
        if moved:
            messages.success(request, f"{moved.name}现在隶属于{form.cleaned_data['parent'].name}。")
            return redirect("members:organization", moved.pk)
    page = {"organization": place, "form": form, "has_superiors": superiors.exists()}
    return render(request, "members/console/move.html", page)
