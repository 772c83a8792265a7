"""What every page knows."""

from typing import Any

from django.conf import settings

from sangyu.accounts.models import Account
from sangyu.console.menu import menu_for
from sangyu.journal.request import Request
from sangyu.members.queries import people as members


def house(request: Request) -> dict[str, Any]:
    """Demo mark, text size, who acts for whom, and the menu of the console."""
    actor = getattr(request, "actor", None)
    page: dict[str, Any] = {"demo": settings.DEMO, "text_size": "standard", "actor": actor}
    if actor is None or actor.person_id is None or not isinstance(request.user, Account):
        return page
    page["text_size"] = request.user.text_size
    page["me"] = members.myself(actor)
    page["acting_for"] = members.helped(actor)
    page["menu"] = menu_for(request)
    return page
