"""One organization with everything the bureau does there."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from sangyu.journal.request import Request
from sangyu.kit import clock, keyset
from sangyu.kit.doors import attempt
from sangyu.kit.refusals import require
from sangyu.members import rules
from sangyu.members.actions import appointments
from sangyu.members.actions import organizations as founding
from sangyu.members.forms import AppointForm, EndForm, FoundForm, RegisterForm
from sangyu.members.models import Appointment, Organization
from sangyu.members.models.belonging import MembershipKind
from sangyu.members.queries import organizations as queries
from sangyu.members.queries.advice import advice_for
from sangyu.members.queries.organizations import Belonging

MEMBERS = 100  # nearly every branch on one page (支部工作条例 art. 4: no more than 50)


def organization(request: Request, organization_id: int) -> HttpResponse:
    found, today = queries.organization_seen_by(request.actor, organization_id), clock.today()
    belonging = queries.belonging_to(request.actor, found, today)
    officers = list(queries.appointments_of(request.actor, found, today))
    kind = _kind(request, belonging)
    shown = keyset.paged(request, queries.members_of_kind(request.actor, found, kind, today), MEMBERS)
    page = {
        "organization": found,
        "kinds": [(kind, MembershipKind(kind).label, number) for kind, number in belonging.by_kind.items()],
        "kind": kind,
        "rows": shown.rows,
        "previous_url": shown.previous_url,
        "next_url": shown.next_url,
        "officers": officers,
        "belonging": belonging,
        "advice": advice_for(found, belonging.formal, belonging.full, {office.role for office in officers}),
        "administers": rules.may_administer(request.actor, found),
        "releases": rules.may_release(request.actor, found),
        "runs": rules.may_run(request.actor, found),
        "sees_parent": found.parent is not None and rules.may_see(request.actor, found.parent),
        "today": today,
    }
    return render(request, "members/console/organization.html", page)


def found(request: Request, organization_id: int) -> HttpResponse:
    parent = _administered(request, organization_id)
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = attempt(form, lambda: founding.found_organization(request.actor, parent, **form.cleaned_data))
        if new:
            messages.success(request, f"{new.name}已经建立。")
            return redirect("members:organization", new.pk)
    return _ask(request, form, parent, "新建下级组织", "建立")


def appoint(request: Request, organization_id: int) -> HttpResponse:
    place = _administered(request, organization_id)
    candidates = queries.candidates_for(request.actor, place, clock.today())
    form = AppointForm(request.POST or None, organization=place, candidates=candidates)
    if request.method == "POST" and form.is_valid():
        held = attempt(form, lambda: appointments.appoint(request.actor, organization=place, **form.cleaned_data))
        if held:
            return _appointed(request, held)
    return _ask(request, form, place, "任职", "确定任职")


def register(request: Request, organization_id: int) -> HttpResponse:
    place = _administered(request, organization_id)
    form = RegisterForm(request.POST or None, organization=place)
    if request.method == "POST" and form.is_valid():
        held = attempt(form, lambda: appointments.register_officer(request.actor, place, **form.cleaned_data))
        if held:
            return _appointed(request, held)
    return _ask(request, form, place, "登记联络员" if place.is_branch else "登记工作人员", "登记")


@require_POST
def end_appointment(request: Request, appointment_id: int) -> HttpResponse:
    appointment = queries.appointment_seen_by(request.actor, appointment_id)
    form = EndForm(request.POST)
    if form.is_valid():
        attempt(form, lambda: appointments.end_appointment(request.actor, appointment, form.cleaned_data["on"]))
    if form.is_valid():
        messages.success(request, f"{appointment.person.name}不再担任{appointment.get_role_display()}。")
    complain(request, form)
    return redirect("members:organization", appointment.organization_id)


def complain(request: Request, form: forms.Form) -> None:
    """Say on the next page what is wrong with a form that has no page of its own."""
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))


def _appointed(request: Request, held: Appointment) -> HttpResponse:
    messages.success(request, f"{held.person.name}已任{held.get_role_display()}。")
    return redirect("members:organization", held.organization_id)


def _ask(request: Request, form: forms.Form, place: Organization, title: str, button: str) -> HttpResponse:
    page = {"form": form, "organization": place, "title": title, "button": button}
    return render(request, "members/console/ask.html", page)


def _administered(request: Request, organization_id: int) -> Organization:
    place = queries.organization_seen_by(request.actor, organization_id)
    require(rules.may_administer(request.actor, place))
    return place


def _kind(request: Request, belonging: Belonging) -> str:
    """Whose list is shown: the kind asked for, else formal members, else the first that somebody has."""
    asked = request.GET.get("kind", "")
    return asked if asked in belonging.by_kind else next(iter(belonging.by_kind), str(MembershipKind.FORMAL))
