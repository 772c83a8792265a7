"""Signing in: names as plain Chinese."""

import unicodedata

from allauth.account import forms as allauth
from django import forms


class SignInForm(allauth.LoginForm):  # type: ignore[misc]
    """Sign-in name and password; 记住我 is always on, as nobody here should have to sign in often."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "登录名"
        self.fields["login"].widget = forms.TextInput(attrs={"autocomplete": "username"})
        self.fields["password"].label = "密码"
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
        self.fields["password"].help_text = ""
        self.fields.pop("remember", None)


NEW_PASSWORD = {"password1": "新密码", "password2": "再输入一次新密码"}
HOW_LONG = "至少10位，字母和数字都要有。"


class SetPasswordForm(allauth.SetPasswordForm):  # type: ignore[misc]
    """A first password of one's own."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _say(self, NEW_PASSWORD, "new-password")
        self.fields["password1"].help_text = HOW_LONG


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]
    """Another password of one's own."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"oldpassword": "现在的密码"}, "current-password")
        _say(self, NEW_PASSWORD, "new-password")
        self.fields["password1"].help_text = HOW_LONG


def _say(form: forms.Form, labels: dict[str, str], autocomplete: str) -> None:
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs = {"autocomplete": autocomplete}
        form.fields[name].help_text = ""


class PinForm(forms.Form):
    """The six digits on a card."""

    pin = forms.CharField(
        label="卡上的六位数字",
        max_length=20,
        error_messages={"required": "请输入卡上的六位数字。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_pin(self) -> str:
        """Full-width digits and blanks are fine; a slip that cannot be a PIN costs no try."""
        pin = "".join(unicodedata.normalize("NFKC", self.cleaned_data["pin"]).split())
        if len(pin) != 6 or not (pin.isascii() and pin.isdecimal()):
            raise forms.ValidationError("请输入六位数字，例如 012345。这一次不算输错。")
        return pin
