"""Nobody sees anything without signing in, but the few pages listed here."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import resolve, reverse

# Named urls a stranger may open, each with its reason.
PUBLIC = {
    "account_login": "the sign-in page itself",
    "account_logout": "signing out twice is harmless",
    "accounts:card": "the QR code of an invitation card opens it",
    "accounts:privacy": "what is kept and why must be readable before signing in",
    "portal:text_size": "who reads the sign-in page may need large print; kept in a cookie",
}


class GateMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if request.user.is_authenticated or resolve(request.path_info).view_name in PUBLIC:
            return None
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
