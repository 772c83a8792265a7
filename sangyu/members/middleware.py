"""Fills `request.actor` once a request, from the account's person and today's appointments."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from sangyu.members.queries import people

ACTING_FOR = "acting_for"  # session key: the person somebody is acting for (代办)


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = "console" if request.path_info.startswith("/console/") else "portal"
        helped = request.session.get(ACTING_FOR)
        request.actor = people.actor_of_account(request.user.pk, door, helped)
        return self.get_response(request)
