"""allauth, told how this house does it: nobody signs up, a password is set by our action, sentences are plain."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from sangyu.accounts import actions
from sangyu.accounts.models import Account


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "登录名或密码不对，请再试一次。忘记密码请联系本支部联络员换一张登录卡。",
        "too_many_login_attempts": "输错的次数太多了。请过15分钟再试，或联系本支部联络员换一张登录卡。",
        "enter_current_password": "现在的密码不对，请再输入一次。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the bureau, with an invitation card."""
        return False

    def set_password(self, user: Account, password: str) -> None:
        """By the action, so that it stands in the journal."""
        actions.set_password(self.request.actor, user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        messages.error(request, "这个账号已经停用。如有疑问，请联系本支部联络员。")
        return redirect("account_login")
