"""The card that lets somebody in, and what is said about personal data. allauth does the rest of signing in."""

from django.contrib import auth, messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from sangyu.accounts import actions
from sangyu.accounts.actions import WrongCard
from sangyu.accounts.forms import PinForm
from sangyu.journal.request import Request

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ALREADY_IN = "您已经登录，不用再扫登录卡。要换一位同志登录，请先按页面下方的“退出”，再扫一次。"


@never_cache
@sensitive_post_parameters("pin")
def card(request: Request, secret: str) -> HttpResponse:
    """Never says whose card it is: whoever finds one learns nothing."""
    if request.user.is_authenticated:
        messages.info(request, ALREADY_IN)
        return redirect("home")
    form = PinForm(request.POST or None)
    try:
        if not form.is_valid():
            actions.open_card(secret)
            return render(request, "accounts/card.html", {"form": form})
        account = actions.use_card(request.actor, secret, form.cleaned_data["pin"])
    except actions.WrongPin as refusal:
        form.add_error(None, refusal.sentence)
        return render(request, "accounts/card.html", {"form": form})
    except WrongCard as refusal:
        return render(request, "accounts/card.html", {"dead": refusal.sentence}, status=refusal.status)
    auth.login(request, account, backend=BACKEND)
    return redirect("home")


def privacy(request: Request) -> HttpResponse:
    return render(request, "accounts/privacy.html")
