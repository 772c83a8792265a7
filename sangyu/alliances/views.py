"""Alliances: proposing, joining and leaving by the branch's own will, who hosts when."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from sangyu.alliances import actions, queries, rules
from sangyu.alliances.forms import InviteForm, ProposeForm
from sangyu.alliances.models import Alliance
from sangyu.journal.request import Request
from sangyu.kit import clock, keyset
from sangyu.kit.doors import attempt
from sangyu.kit.refusals import require
from sangyu.members.choosing import MOST
from sangyu.members.metrics import FORMAL
from sangyu.members.rules import BUREAU
from sangyu.tallies.queries import stocks

ROWS = 50


def alliances(request: Request) -> HttpResponse:
    shown = keyset.paged(request, queries.alliances_with_size(request.actor, clock.today()), ROWS)
    page = {
        "alliances": shown.rows,
        "previous_url": shown.previous_url,
        "next_url": shown.next_url,
        "waiting": queries.waiting_for(request.actor)[:ROWS],
        "may_propose": bool(request.actor.realm(BUREAU)),
    }
    return render(request, "alliances/console/alliances.html", page)


def propose(request: Request) -> HttpResponse:
    require(bool(request.actor.realm(BUREAU)))
    form = _propose_form(request)
    if request.method == "POST" and form.is_valid():
        alliance = attempt(form, lambda: actions.propose_alliance(request.actor, on=clock.today(), **form.cleaned_data))
        if alliance:
            messages.success(request, f"“{alliance.name}”已经发起，正等各支部书记答复。")
            return redirect("alliances:alliance", alliance.pk)
    return render(request, "alliances/console/propose.html", {"form": form})


def alliance(request: Request, alliance_id: int) -> HttpResponse:
    return _alliance_page(request, alliance_id)


@require_POST
def invite(request: Request, alliance_id: int) -> HttpResponse:
    found = queries.alliance_seen_by(request.actor, alliance_id)
    require(rules.may_arrange(request.actor, found))
    form = _invite_form(request, found)
    if form.is_valid():
        place = attempt(
            form, lambda: actions.invite(request.actor, found, form.cleaned_data["organization"], clock.today())
        )
        if place:
            messages.success(request, f"已邀请{place.organization.name}，等它的书记答复。")
            return redirect("alliances:alliance", found.pk)
    return _alliance_page(request, found.pk, form)


@require_POST
def rota(request: Request, alliance_id: int) -> HttpResponse:
    found, year = queries.alliance_seen_by(request.actor, alliance_id), clock.today().year
    if request.POST.get("year") == str(year + 1):
        year += 1
    turns = actions.make_rota(request.actor, found, year)
    messages.success(request, f"{year}年的轮值表排好了。" if turns else f"{year}年的轮值表已经排满，没有改动。")
    return redirect("alliances:alliance", found.pk)


@require_POST
def consent(request: Request, place_id: int) -> HttpResponse:
    place = queries.place_seen_by(request.actor, place_id)
    actions.consent(request.actor, place, clock.today())
    messages.success(request, f"{place.organization.name}已加入“{place.alliance.name}”。隶属关系不变。")
    return redirect("alliances:alliance", place.alliance_id)


@require_POST
def leave(request: Request, place_id: int) -> HttpResponse:
    place = queries.place_seen_by(request.actor, place_id)
    actions.leave(request.actor, place, clock.today())
    done = "暂不加入" if place.during is None else "已退出"
    messages.success(request, f"{place.organization.name}{done}“{place.alliance.name}”。")
    return redirect("alliances:list")


def _alliance_page(request: Request, alliance_id: int, form: InviteForm | None = None) -> HttpResponse:
    actor, today = request.actor, clock.today()
    found = queries.alliance_with_numbers(actor, alliance_id, today)
    arranges = rules.may_arrange(actor, found)
    shown = keyset.paged(request, queries.members_of(actor, found, today), ROWS)
    members = [(place, rules.may_consent(actor, place)) for place in shown.rows]
    page = {
        "alliance": found,
        "may_arrange": arranges,
        "members": members,
        "may_leave": any(own for _, own in members),
        "asked": queries.asked_by(actor, found)[:ROWS],
        "most": ROWS,
        "previous_url": shown.previous_url,
        "next_url": shown.next_url,
        "rotas": queries.rotas_of(actor, found, (today.year, today.year + 1)).items(),
        "form": (form or _invite_form(request, found)) if arranges else None,
    }
    return render(request, "alliances/console/alliance.html", page)


def _invite_form(request: Request, found: Alliance) -> InviteForm:
    there = found.places.on(clock.today()).values("organization_id")
    asked = found.places.filter(during__isnull=True).values("organization_id")
    branches = queries.invitable_by(request.actor, clock.today()).under(found.convener)
    return InviteForm(request.POST or None, branches=branches.exclude(pk__in=there).exclude(pk__in=asked))


def _propose_form(request: Request) -> ProposeForm:
    today = clock.today()
    branches = queries.invitable_by(request.actor, today)
    sizes = stocks(request.actor, FORMAL, [branch.pk for branch in branches[:MOST]], today)
    conveners = queries.conveners_for(request.actor, today)
    return ProposeForm(request.POST or None, conveners=conveners, branches=branches, sizes=sizes)
