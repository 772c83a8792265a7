"""Accounts and sign-in cards: shown once, on the page that answers the button, and never again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sangyu.accounts.actions import CARD_DAYS
from sangyu.journal.request import Request
from sangyu.kit import clock, qr
from sangyu.kit.refusals import require
from sangyu.members.actions import cards
from sangyu.members.actions.cards import PersonCard
from sangyu.members.models import Organization, Person
from sangyu.members.queries import organizations as queries
from sangyu.members.queries import people


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """One card as paper shows it."""

    person: Person
    organization: Organization
    sign_in_name: str
    pin: str
    code: SafeString


@require_POST
@never_cache
def open_accounts(request: Request, organization_id: int) -> HttpResponse:
    branch = queries.organization_seen_by(request.actor, organization_id)
    made = cards.open_accounts(request.actor, branch)
    if not made:
        messages.info(request, "全部党员都已有账号。谁的登录卡丢了，请在名单里找到他，点“补发登录卡”。")
        return redirect("members:organization", branch.pk)
    return _print(request, branch, made, reverse("members:organization", args=[branch.pk]))


@require_http_methods(["GET", "POST"])
@never_cache
def replace_card(request: Request, person_id: int) -> HttpResponse:
    person = people.person_seen_by(request.actor, person_id)
    if request.method == "POST":
        made = cards.replace_card(request.actor, person_id)
        return _print(request, made.organization, [made], reverse("members:person", args=[person_id]))
    require(people.may_renew_card(request.actor, person), cards.NOT_YOURS)
    return render(request, "members/console/replace_card.html", {"person": person})


def _print(request: Request, place: Organization, made: Sequence[PersonCard], back: str) -> HttpResponse:
    page = {
        "organization": place,
        "cards": [_printed(request, one) for one in made],
        "ask": queries.counsel_of(request.actor, place, clock.today()),
        "days": CARD_DAYS,
        "back": back,
    }
    return render(request, "members/console/cards.html", page)


def _printed(request: Request, made: PersonCard) -> PrintedCard:
    address = request.build_absolute_uri(reverse("accounts:card", args=[made.card.secret]))
    code = mark_safe(qr.svg(address, f"{made.person.name}的登录二维码"))  # drawn by ourselves
    return PrintedCard(made.person, made.organization, made.card.sign_in_name, made.card.pin, code)
