"""The bureau's inbox of what people said, and its answers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from sangyu.journal.request import Request
from sangyu.kit import keyset
from sangyu.kit.doors import attempt
from sangyu.kit.refusals import require
from sangyu.members.rules import BUREAU
from sangyu.voices import actions, queries
from sangyu.voices.forms import AnswerForm

ROWS, LATEST = 50, 10


def inbox(request: Request) -> HttpResponse:
    """What waits, a page at a time; on its last page the latest answers. `?answered` turns the pages of those."""
    actor = request.actor
    require(bool(actor.realm(BUREAU)))
    past = "answered" in request.GET
    shown = keyset.paged(request, queries.answered_in(actor) if past else queries.waiting_in(actor), ROWS)
    waiting = [] if past else shown.rows
    page = {
        "past": past,
        "total": queries.inbox(actor).waiting().count(),
        "waiting": waiting,
        "answered": shown.rows if past else [] if shown.next_url else queries.answered_in(actor)[:LATEST],
        "previous_url": shown.previous_url,
        "next_url": shown.next_url,
    }
    return render(request, "voices/console/inbox.html", page)


def answer(request: Request, complaint_id: int) -> HttpResponse:
    complaint = queries.complaint_for(request.actor, complaint_id)
    form = AnswerForm(request.POST or None, initial={"text": complaint.answer})
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: actions.answer(request.actor, complaint, form.cleaned_data["text"]))
        if not form.errors:
            messages.success(request, f"已答复{complaint.person.name}，本人在“投诉与建议”里可以看到。")
            return redirect("voices:inbox")
    return render(request, "voices/console/answer.html", {"complaint": complaint, "form": form})
