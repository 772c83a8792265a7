"""代办: beginning and ending to act for a member of one's own branch."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from sangyu.journal.request import Request
from sangyu.members.actions import people
from sangyu.members.middleware import ACTING_FOR


@require_POST
def start_acting(request: Request, person_id: int) -> HttpResponse:
    people.start_acting(request.actor, person_id)
    request.session[ACTING_FOR] = person_id
    return redirect("portal:home")


@require_POST
def stop_acting(request: Request) -> HttpResponse:
    if request.session.pop(ACTING_FOR, None):
        messages.success(request, "代办已结束。")
    return redirect("home")
