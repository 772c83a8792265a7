"""Saying what is wrong, and answering it."""

from django import forms

from sangyu.kit.doors import OnceForm


class ComplaintForm(OnceForm):
    """What is wrong or could be better; `page` is where the person came from."""

    text = forms.CharField(
        label="您想说什么",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写下您的意见，一两句话就可以。"},
    )
    page = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """What came of it."""

    text = forms.CharField(
        label="答复",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写下答复，让提意见的同志知道结果。"},
    )
