"""Small shapes of input on the portal."""

from django import forms

from sangyu.accounts.models import TextSize


class TextSizeForm(forms.Form):
    """How large everything is written; `next` is the page to go back to."""

    size = forms.ChoiceField(choices=TextSize.choices)
    next = forms.CharField(required=False)


class CallForm(forms.Form):
    """Whom to call."""

    person = forms.IntegerField()
