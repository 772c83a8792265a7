"""The old comrade's own pages: what is next, my record, what is kept about me, calling the liaison."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sangyu.accounts import actions as accounts
from sangyu.activities import queries as activities
from sangyu.journal.request import Request
from sangyu.kit.doors import Dial, attempt
from sangyu.members.actions import people as calling
from sangyu.members.queries import people
from sangyu.portal import queries
from sangyu.portal.forms import CallForm, TextSizeForm

YEAR = 60 * 60 * 24 * 365


@never_cache
def home(request: Request) -> HttpResponse:
    coming = queries.coming_up(request.actor)
    return render(
        request,
        "portal/home.html",
        {
            "person": people.subject_of(request.actor),
            "first": coming[0] if coming else None,
            "others": coming[1:],
            "cancelled": activities.cancelled_for(request.actor)[:2],
        },
    )


@never_cache
def record(request: Request) -> HttpResponse:
    years = queries.years_of_record(request.actor)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else next(iter(years), None)
    lines = queries.record_of_year(request.actor, year) if year else []
    return render(request, "portal/record.html", {"years": years, "year": year, "lines": lines})


@never_cache
def about_me(request: Request) -> HttpResponse:
    person = people.subject_of(request.actor)
    limit = None if "all" in request.GET else queries.SHOWN
    looks = people.looks_at(request.actor)
    return render(
        request,
        "portal/about_me.html",
        {
            "kept": queries.kept_about(request.actor, person),
            "belonging": queries.belonging_of(request.actor, person),
            "looks": looks[:limit],
            "deeds": queries.deeds_in_name_of(request.actor, limit),
            "shortened": limit,
            "liaisons": people.liaisons_of(request.actor),
        },
    )


@require_POST
def text_size(request: Request) -> HttpResponse:
    """Kept with the account; for a stranger, who reads the sign-in page, in a cookie."""
    form = TextSizeForm(request.POST)
    answer = redirect(_back(request, request.POST.get("next", "")))
    if not form.is_valid():
        return answer
    if request.user.is_authenticated:
        accounts.choose_text_size(request.actor, form.cleaned_data["size"])
    answer.set_cookie("text_size", form.cleaned_data["size"], max_age=YEAR, httponly=True, samesite="Lax")
    return answer


def _back(request: Request, page: str) -> str:
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if ours else "/"


@never_cache
def call_liaison(request: Request) -> HttpResponse:
    form = CallForm(request.POST or None)
    liaisons = list(people.liaisons_of(request.actor))
    if request.method == "POST" and form.is_valid():
        number = attempt(form, lambda: calling.call(request.actor, form.cleaned_data["person"]))
        if number is not None:
            return Dial(f"tel:{number}")
    return render(request, "portal/call_liaison.html", {"form": form, "liaisons": liaisons})
