"""Signing in: names as plain Chinese."""

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


class SetPasswordForm(allauth.SetPasswordForm):  # type: ignore[misc]
    """A first password of one's own."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("password1", "新密码（至少10位，字母和数字都要有）"), ("password2", "再输入一次")):
            self.fields[name].label = label
            self.fields[name].widget.attrs = {"autocomplete": "new-password"}
            self.fields[name].help_text = ""


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]
    """Another password of one's own."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": "现在的密码", "password1": "新密码（至少10位，字母和数字都要有）", "password2": "再输入一次"}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs = {"autocomplete": "current-password" if name == "oldpassword" else "new-password"}
            self.fields[name].help_text = ""


class PinForm(forms.Form):
    """The six digits on a card."""

    pin = forms.CharField(
        label="卡上的六位数字", max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
