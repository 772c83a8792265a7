"""A request as the house's views see it."""

from django.http import HttpRequest

from sangyu.journal.actor import Actor


class Request(HttpRequest):
    """A request whose actor the middleware has filled in, with the name of who signed in ("" for a stranger)."""

    actor: Actor
    my_name: str
