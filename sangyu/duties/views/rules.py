"""The rules of what is owed, the set actions, and the board of who is late."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from sangyu.activities.queries import kind_names
from sangyu.duties import actions as deeds
from sangyu.duties import queries
from sangyu.duties import rules as rights
from sangyu.duties.forms import ActionsForm, ChangeForm, EndForm, KindForm, NewRuleForm
from sangyu.duties.models import DutyRule
from sangyu.duties.queries import PERIODS, Standing
from sangyu.journal.request import Request
from sangyu.kit import clock, keyset
from sangyu.kit.doors import attempt
from sangyu.kit.refusals import require
from sangyu.members.models import Organization
from sangyu.members.queries.organizations import organization_seen_by
from sangyu.members.rules import BUREAU, OFFICERS
from sangyu.tallies.reach import branches_reached

ROWS, LOOKED_THROUGH = 50, 100


def rules(request: Request) -> HttpResponse:
    place = _place(request)
    listed = list(queries.rules_for(request.actor, place))
    today = clock.today()
    page = {
        "place": place,
        "kinds": kind_names(),
        "may_set": rights.may_set_duties(request.actor, place),
        "current": [rule for rule in listed if rule.until is None or rule.until > today],
        "past": [rule for rule in listed if rule.until is not None and rule.until <= today],
    }
    return render(request, "duties/console/rules.html", page)


def rule(request: Request, rule_id: int) -> HttpResponse:
    found = queries.rule_seen_by(request.actor, rule_id)
    form = ChangeForm(request.POST or None, initial=_as_it_is(found))
    if request.method == "POST" and form.is_valid():
        new = attempt(form, lambda: deeds.change_duty(request.actor, found, **form.cleaned_data))
        if new:
            messages.success(request, f"从{new.since:%Y年%-m月%-d日}起按新的规定，以前的结论不变。")
            return redirect("duties:rules")
    return _rule_page(request, found, form=form)


@require_POST
def end(request: Request, rule_id: int) -> HttpResponse:
    found, form = queries.rule_seen_by(request.actor, rule_id), EndForm(request.POST)
    if form.is_valid():
        attempt(form, lambda: deeds.end_duty(request.actor, found, form.cleaned_data["on"]))
    if not form.is_valid():
        return _rule_page(request, found, end_form=form)
    messages.success(request, f"“{found.name}”从{form.cleaned_data['on']:%Y年%-m月%-d日}起不再要求。")
    return redirect("duties:rules")


def new(request: Request) -> HttpResponse:
    place, kinds = _place(request), kind_names()
    require(rights.may_set_duties(request.actor, place))
    form = NewRuleForm(request.POST or None, kinds=kinds, initial={"since": PERIODS["month"](clock.today()).end})
    if request.method == "POST" and form.is_valid():
        wording = dict(form.cleaned_data)
        code = f"own_{wording.pop('token').hex}"  # of the form, so that sent twice it is set once
        made = attempt(form, lambda: deeds.set_duty(request.actor, place, code, **wording))
        if made:
            messages.success(request, f"“{made.name}”已经加上。")
            return redirect("duties:rules")
    return render(request, "duties/console/new.html", {"form": form, "place": place})


def actions(request: Request) -> HttpResponse:
    place = _place(request)
    require(rights.may_set_duties(request.actor, place))
    form = ActionsForm(request.POST or None, initial=_scheme(place))
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: deeds.set_actions(request.actor, place, **form.cleaned_data))
        if not form.errors:
            messages.success(request, "动作清单已保存，以后的新活动按它准备。")
            return redirect("duties:actions")
    return render(request, "duties/console/actions.html", {"form": form, "place": place})


def kinds(request: Request) -> HttpResponse:
    place = _place(request)
    require(rights.may_set_duties(request.actor, place))
    form = KindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: deeds.add_kind(request.actor, place, form.cleaned_data["name"]))
        if made:
            messages.success(request, f"活动类型“{made.name}”已经加上。")
            return redirect("duties:kinds")
    return render(request, "duties/console/kinds.html", {"form": form, "kinds": kind_names().values()})


def board(request: Request) -> HttpResponse:
    require(bool(request.actor.realm(OFFICERS)))
    today, asked = clock.today(), request.GET.get("organization", "")
    if asked.isdecimal():
        branch = organization_seen_by(request.actor, int(asked))
        items = [item for row in queries.board(request.actor, [branch], today) for item in row.items]
        return render(request, "duties/console/branch.html", {"branch": branch, "items": items})
    return _board_page(request, today)


def _board_page(request: Request, today: date) -> HttpResponse:
    """A page of branches and how they stand. With a filter a page looks at more, and shows those it lets through:
    so it never computes more than these, whether there are fifty branches or fifty thousand."""
    standing = Standing.__members__.get(request.GET.get("standing", "").upper())
    branches = queries.branches_seen_by(request.actor, today)
    shown = keyset.paged(request, branches, LOOKED_THROUGH if standing else ROWS)
    page = {
        "rows": queries.board(request.actor, shown.rows, today, standing),
        "looked_at": len(shown.rows),
        "total": branches_reached(request.actor, OFFICERS, today),
        "standing": standing,
        "standings": list(Standing),
        "previous_url": shown.previous_url,
        "next_url": shown.next_url,
    }
    return render(request, "duties/console/board.html", page)


def _rule_page(request: Request, found: DutyRule, **forms: Any) -> HttpResponse:
    page = {
        "rule": found,
        "kinds": kind_names(),
        "may_set": rights.may_set_duties(request.actor, found.organization) and found.until is None,
        "form": ChangeForm(initial=_as_it_is(found)),
        "end_form": EndForm(initial=_as_it_is(found)),
        **forms,
    }
    return render(request, "duties/console/rule.html", page)


def _place(request: Request) -> Organization:
    """The organization asked for, else the first office held. Raises NotAllowed for who holds none."""
    realm = request.actor.realm(BUREAU) or request.actor.realm(OFFICERS)
    require(bool(realm))
    asked = request.GET.get("organization", "")
    return organization_seen_by(request.actor, int(asked) if asked.isdecimal() else realm[0])


def _as_it_is(rule: DutyRule) -> dict[str, object]:
    """The present wording, and the first day from which another can hold."""
    next_start = PERIODS[rule.period](clock.today()).end
    return {
        "name": rule.name,
        "period": rule.period,
        "times": rule.times,
        "owed_by": rule.owed_by,
        "basis": rule.basis,
        "on": next_start,
    }


def _scheme(place: Organization) -> dict[str, str]:
    """The set and chosen actions that hold there now, one a line."""
    held = queries.agenda_for(place)
    return {
        "prescribed": "\n".join(a.title for a in held if a.is_prescribed),
        "chosen": "\n".join(a.title for a in held if not a.is_prescribed),
    }
