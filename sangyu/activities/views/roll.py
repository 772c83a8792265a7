"""Calling the roll of one's own branch: the page, its draft, handing over, the sign-in sheet."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sangyu.activities import queries, rolls
from sangyu.activities.actions import roll as actions
from sangyu.activities.forms import REASONS, RollForm
from sangyu.activities.models import ActivityState, Answer, Participation, SignUp
from sangyu.journal.actor import Actor
from sangyu.journal.request import Request
from sangyu.kit import clock
from sangyu.kit.doors import attempt
from sangyu.kit.refusals import Conflict, Refusal
from sangyu.members.models import Person
from sangyu.members.models.belonging import Role
from sangyu.members.queries.organizations import appointments_of
from sangyu.members.rules import SECRETARIES

PLAIN = "text/plain; charset=utf-8"


@never_cache  # the back button shows how the roll stands now
def roll(request: Request, part_id: int) -> HttpResponse:
    part, form = _opened(request, part_id)
    if part.activity.state == ActivityState.CANCELLED:
        return redirect("activities:part", part.pk)
    deed = DEEDS.get(request.POST.get("do", ""), _save)
    if request.method == "POST" and form.is_valid():
        said = attempt(form, lambda: deed(request.actor, part, form))
        if said is not None:
            messages.success(request, said)
            return redirect("activities:part" if deed is not _save else "activities:roll", part.pk)
    return _page(request, form)


@require_POST
def draft(request: Request, part_id: int) -> HttpResponse:
    part, form = _opened(request, part_id)
    if not form.is_valid():
        return HttpResponse("草稿没有存上，请检查填写的内容。", PLAIN, 422)
    try:
        saved = _keep(request.actor, part, form)
    except Refusal as refusal:  # a script asks here, and shows the sentence without leaving the page
        return HttpResponse(refusal.sentence, PLAIN, refusal.status)
    return HttpResponse("草稿已保存", PLAIN, headers={"X-Draft-Version": str(saved.version)})


@require_POST
def hand_over(request: Request, part_id: int) -> HttpResponse:
    part, form = _opened(request, part_id)
    if form.is_valid():
        said = attempt(form, lambda: _hand_over(request.actor, part, form))
        if said is not None:
            messages.success(request, said)
            return redirect("console:home")
    return _page(request, form)


def sheet(request: Request, part_id: int) -> HttpResponse:
    part = queries.part_read_by(request.actor, part_id)
    people = [membership.person for membership in queries.expected_at(part)]
    answers = queries.answers_to(part)
    lines = [(person, _remark(answers.get(person.pk))) for person in people]
    return render(request, "activities/console/sheet.html", {"part": part, "lines": lines})


def _remark(answer: SignUp | None) -> str:
    """Beside the names of those who said that they cannot come."""
    if answer is None or answer.answer != Answer.DECLINED:
        return ""
    return f"请假：{answer.reason}" if answer.reason else "请假"


def _opened(request: Request, part_id: int) -> tuple[Participation, RollForm]:
    part = queries.part_taken_by(request.actor, part_id)
    rows = rolls.roll_rows(request.actor, part)
    return part, RollForm(part, rows, request.POST if request.method == "POST" else None)


def _page(request: Request, form: RollForm) -> HttpResponse:
    """The form again, with everything typed; with what somebody else saved meanwhile, if that is why."""
    part = form.part
    page = {
        "part": part,
        "form": form,
        "reasons": REASONS,
        "has_begun": part.activity.starts_at <= clock.now(),
        "liaison": _liaison_to_ask(request.actor, part),
        "unsaved_texts": _texts_without_field(form),
    }
    status = 409 if form.is_overtaken else 200
    return render(request, "activities/console/roll.html", page, status=status)


def _texts_without_field(form: RollForm) -> list[str]:
    """What was typed when the roll was closed by somebody else meanwhile: there is no field left that would show it."""
    if not form.part.is_closed:
        return []
    kept = {"minutes": form.part.activity.minutes, "notes": form.part.notes}
    typed = {name: form.data.get(name, "").strip() for name in kept if name not in form.fields}
    return [text for name, text in typed.items() if text not in ("", kept[name].strip())]


def _liaison_to_ask(actor: Actor, part: Participation) -> Person | None:
    """To whom a secretary can hand an open roll over."""
    if part.is_closed or part.handed_to_liaison or not actor.holds(SECRETARIES, part.organization.line):
        return None
    held = appointments_of(actor, part.organization, clock.today()).filter(role=Role.LIAISON)
    liaison = held.exclude(person_id=actor.own_id).first()
    return liaison.person if liaison else None


def _keep(actor: Actor, part: Participation, form: RollForm) -> Participation:
    given = form.cleaned_data
    return actions.save_roll(
        actor, part, given["marks"], given["version"], given.get("notes", ""), given.get("minutes")
    )


def _save(actor: Actor, part: Participation, form: RollForm) -> str:
    _keep(actor, part, form)
    return "草稿已保存，随时可以接着填。"


def _close(actor: Actor, part: Participation, form: RollForm) -> str:
    if _texts_without_field(form):
        raise Conflict("本支部刚刚已经完成点名，您写的记录没有存上。")
    given = form.cleaned_data
    actions.close_part(actor, part, given["marks"], given["version"], given.get("notes", ""), given.get("minutes"))
    return f"点名完成，{part.organization.short_name}的这次活动已经记好。"


def _correct(actor: Actor, part: Participation, form: RollForm) -> str:
    actions.correct_roll(actor, part, form.cleaned_data["marks"], form.cleaned_data["version"])
    return "更正已保存，到期事项、数据和纪实已随之更新。"


@transaction.atomic
def _hand_over(actor: Actor, part: Participation, form: RollForm) -> str:
    _keep(actor, part, form)
    actions.hand_over(actor, part)
    return "已请联络员补完，您填的都保存好了。它会排在联络员到期事项的最前面。"


DEEDS: dict[str, Callable[[Actor, Participation, RollForm], str]] = {
    "save": _save,
    "close": _close,
    "correct": _correct,
}
