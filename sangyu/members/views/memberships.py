"""Joining and leaving: affiliation, attachment to a bond branch or group, registration with the community."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from sangyu.journal.request import Request
from sangyu.kit import clock
from sangyu.kit.doors import attempt
from sangyu.kit.refusals import require
from sangyu.members import rules
from sangyu.members.actions import memberships as actions
from sangyu.members.forms import EndForm, JoinForm
from sangyu.members.queries import organizations, people
from sangyu.members.views.organizations import complain


def join(request: Request, person_id: int) -> HttpResponse:
    seen = people.person_seen_by(request.actor, person_id)
    places = organizations.organizations_administered_by(request.actor, clock.today())
    require(places.exists())
    form = JoinForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        joined = attempt(form, lambda: actions.join(request.actor, seen, **form.cleaned_data))
        if joined:
            messages.success(request, f"{seen.name}已在{joined.organization.name}登记“{joined.get_kind_display()}”。")
            return redirect("members:person", seen.pk)
    return render(request, "members/console/join.html", {"person": seen, "form": form})


@require_POST
def leave(request: Request, membership_id: int) -> HttpResponse:
    membership, form = people.membership_seen_by(request.actor, membership_id), EndForm(request.POST)
    require(rules.may_administer(request.actor, membership.organization))
    if form.is_valid():
        attempt(form, lambda: actions.leave(request.actor, membership, form.cleaned_data["on"]))
    if form.is_valid():
        messages.success(request, f"{membership.person.name}在{membership.organization.name}的登记已结束。")
    complain(request, form)
    return redirect("members:person", membership.person_id)
