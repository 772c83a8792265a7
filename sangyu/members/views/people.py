"""Finding people, one person's page, and looking at what is masked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sangyu.journal.request import Request
from sangyu.kit import clock, keyset
from sangyu.kit.doors import Dial, attempt
from sangyu.kit.partial_date import PartialDate
from sangyu.members import rules
from sangyu.members.actions import memberships
from sangyu.members.actions import people as actions
from sangyu.members.forms import CircumstanceForm, EndForm, RevealForm
from sangyu.members.models import Person
from sangyu.members.queries import people as queries
from sangyu.members.queries import search as names

SHOWN = 50


def search(request: Request) -> HttpResponse:
    words = request.GET.get("words", "").strip()
    page: dict[str, Any] = {"words": words}
    if words:
        found = names.search(request.actor, words)
        shown = keyset.paged(request, found.people, SHOWN)
        page |= {
            "people": shown.rows,
            "by_surname": found.by_surname,
            "previous_url": shown.previous_url,
            "next_url": shown.next_url,
        }
    return render(request, "members/console/search.html", page)


def person(request: Request, person_id: int) -> HttpResponse:
    return _person_page(request, queries.person_seen_by(request.actor, person_id))


@require_POST
@never_cache
def reveal(request: Request, person_id: int) -> HttpResponse:
    seen, form = queries.person_seen_by(request.actor, person_id), RevealForm(request.POST)
    number = None
    if form.is_valid():
        number = attempt(form, lambda: actions.reveal(request.actor, seen.pk, **form.cleaned_data))
    if form.errors:
        return _person_page(request, seen, reveal_form=form)
    page = {"person": seen, "label": actions.SHOWN[form.cleaned_data["what"]], "number": number}
    return render(request, "members/console/revealed.html", page)


@require_POST
@never_cache
def call(request: Request, person_id: int) -> HttpResponse:
    return Dial(f"tel:{actions.call(request.actor, person_id)}")


@require_POST
def note_circumstance(request: Request, person_id: int) -> HttpResponse:
    seen, form = queries.person_seen_by(request.actor, person_id), CircumstanceForm(request.POST)
    place = queries.office_or_branch(seen)
    if form.is_valid():
        attempt(form, lambda: memberships.note_circumstance(request.actor, seen, place, **form.cleaned_data))
    if not form.is_valid():
        return _person_page(request, seen, circumstance_form=form)
    messages.success(request, f"已登记{seen.name}的情况。")
    return redirect("members:person", seen.pk)


@require_POST
def end_circumstance(request: Request, circumstance_id: int) -> HttpResponse:
    circumstance = queries.circumstance_seen_by(request.actor, circumstance_id)
    seen, form = circumstance.person, EndForm(request.POST)
    place = queries.office_or_branch(seen)
    if form.is_valid():
        attempt(form, lambda: memberships.end_circumstance(request.actor, circumstance, place, **form.cleaned_data))
    if not form.is_valid():
        return _person_page(request, seen, end_form=form)
    messages.success(request, f"{seen.name}的“{circumstance.get_kind_display()}”已结束。")
    return redirect("members:person", seen.pk)


def _person_page(request: Request, seen: Person, **forms: Any) -> HttpResponse:
    home = queries.home_branch(request.actor, seen.pk)
    today = clock.today()
    page = {
        "person": seen,
        "home": home,
        "born": _known(seen, "born"),
        "joined_party": _known(seen, "joined_party"),
        "memberships": queries.memberships_of(request.actor, seen),
        "offices": queries.offices_of(request.actor, seen),
        "circumstances": queries.circumstances_of(request.actor, seen, today),
        "may_note": home is not None and rules.may_see(request.actor, home.organization),
        "may_act": queries.may_act_for(request.actor, seen.pk),
        "today": today,
        "administers": home is not None and rules.may_administer(request.actor, home.organization),
        "may_renew": queries.may_renew_card(request.actor, seen),
        "reveal_form": RevealForm(),
        "circumstance_form": CircumstanceForm(),
        "end_form": EndForm(),
        **forms,
    }
    return render(request, "members/console/person.html", page)


def _known(seen: Person, what: str) -> PartialDate | None:
    """A date of the roster in words: often only the month is known."""
    day = getattr(seen, f"{what}_on")
    return PartialDate(day, getattr(seen, f"{what}_precision")) if day else None
