"""The front step: who has an office goes to the console, everybody else to the portal; and the word that we live."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from sangyu.journal.request import Request


def home(request: Request) -> HttpResponse:
    return redirect("console:home" if request.actor.offices else "portal:home")


class HealthMiddleware:
    """Answers /health before anything else: who asks comes by number, without https, and is nobody of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/health":
            return HttpResponse("ok", content_type="text/plain")
        return self.get_response(request)
