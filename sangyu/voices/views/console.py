"""The bureau's inbox of what people said, and its answers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from sangyu.journal.request import Request
from sangyu.kit.doors import attempt
from sangyu.kit.refusals import require
from sangyu.members.rules import BUREAU
from sangyu.voices import actions, queries
from sangyu.voices.forms import AnswerForm

ROWS = 50


def inbox(request: Request) -> HttpResponse:
    require(bool(request.actor.realm(BUREAU)))
    page = Paginator(queries.inbox(request.actor), ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "voices/console/inbox.html",
        {
            "total": queries.inbox(request.actor).waiting().count(),
            "waiting": [c for c in page if c.answered_at is None],
            "answered": [c for c in page if c.answered_at],
            "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
            "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        },
    )


def answer(request: Request, complaint_id: int) -> HttpResponse:
    complaint = queries.complaint_for(request.actor, complaint_id)
    form = AnswerForm(request.POST or None, initial={"text": complaint.answer})
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: actions.answer(request.actor, complaint, form.cleaned_data["text"]))
        if not form.errors:
            messages.success(request, f"已答复{complaint.person.name}，本人在“投诉与建议”里可以看到。")
            return redirect("voices:inbox")
    return render(request, "voices/console/answer.html", {"complaint": complaint, "form": form})
