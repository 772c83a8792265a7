"""The front step: who has an office goes to the console, everybody else to the portal."""

from django.http import HttpResponse
from django.shortcuts import redirect

from sangyu.journal.request import Request


def home(request: Request) -> HttpResponse:
    return redirect("console:home" if request.actor.offices else "portal:home")


def health(request: Request) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")
