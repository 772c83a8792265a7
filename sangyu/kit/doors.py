"""What all views share: a refused deed becomes an error of the form, so that nothing typed is lost."""

from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

from django import forms
from django.http import HttpResponseRedirect

from sangyu.kit.refusals import NotAllowed, Refusal

T = TypeVar("T")


def attempt(form: forms.BaseForm, deed: Callable[[], T]) -> T | None:
    """Do the deed; None and an error on the form when it is refused. Missing rights still answer 403."""
    try:
        return deed()
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return None


class OnceForm(forms.Form):
    """A form that may be sent twice by a double click or the back button: its token makes the second a no-op."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=True)


class Dial(HttpResponseRedirect):
    """Opens the telephone with a number: `Dial(f"tel:{number}")`."""

    allowed_schemes = ["tel"]
