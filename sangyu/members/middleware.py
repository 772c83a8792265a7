"""Fills `request.actor` once a request, from the account's person and today's appointments, in one query."""

from collections.abc import Callable

from django.http import HttpResponse

from sangyu.journal.request import Request
from sangyu.members.queries import people

ACTING_FOR = "acting_for"  # session key: the person somebody is acting for (代办)


class ActorMiddleware:
    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        door = "console" if request.path_info.startswith("/console/") else "portal"
        # In the console one acts as the officer one is; for somebody else only in the portal.
        helped = request.session.get(ACTING_FOR) if door == "portal" else None
        found = people.signed_in_as(request.user.pk, door, helped)
        request.actor, request.my_name = found.actor, found.name
        return self.get_response(request)
