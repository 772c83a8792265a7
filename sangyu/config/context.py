"""What every page knows."""

from typing import Any

from django.conf import settings

from sangyu.accounts.models import Account, TextSize
from sangyu.console.menu import menu_for
from sangyu.journal.request import Request
from sangyu.members.queries import people as members


def house(request: Request) -> dict[str, Any]:
    """Demo mark, text size, who acts for whom, and the menu of the console."""
    actor = getattr(request, "actor", None)
    page: dict[str, Any] = {"demo": settings.DEMO, "text_size": _strangers_size(request), "actor": actor}
    if actor is None or actor.person_id is None or not isinstance(request.user, Account):
        return page
    page["text_size"] = request.user.text_size
    page["my_name"] = request.my_name
    page["acting_for"] = members.helped(actor)
    page["menu"] = menu_for(request)
    return page


def _strangers_size(request: Request) -> str:
    """What somebody chose before signing in, kept in a cookie of this device."""
    size = request.COOKIES.get("text_size", "")
    return size if size in TextSize.values else str(TextSize.STANDARD)
