"""What the bureau fills in about duties and set actions."""

from typing import Any

from django import forms

from sangyu.duties.models import OwedBy, PeriodKind
from sangyu.kit.doors import OnceForm

LONGEST = 80


class RuleForm(forms.Form):
    """The wording of a duty."""

    name = forms.CharField(label="名称", max_length=40)
    period = forms.ChoiceField(label="周期", choices=PeriodKind.choices, initial=PeriodKind.MONTH)
    times = forms.IntegerField(label="每个周期几次", min_value=1, max_value=31, initial=1)
    owed_by = forms.ChoiceField(label="由谁完成", choices=OwedBy.choices)
    basis = forms.CharField(
        label="依据", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text="哪个文件的哪一条这样规定。"
    )


class ChangeForm(RuleForm):
    """Another wording, from the first day of a period on."""

    on = forms.DateField(
        label="从哪天起改",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="要填一个周期的第一天，例如某月1日。这一天以前仍按原来的规定。",
    )


class NewRuleForm(OnceForm, RuleForm):
    """A duty of one's own."""

    satisfied_by = forms.MultipleChoiceField(
        label="用哪种活动完成", widget=forms.CheckboxSelectMultiple, help_text="开展其中任何一种都算完成。"
    )
    since = forms.DateField(
        label="从哪天起要求",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="最好填一个周期的第一天，例如某月1日。",
    )

    def __init__(self, *args: Any, kinds: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["satisfied_by"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(kinds.items())


class KindForm(forms.Form):
    """A kind of activity of one's own."""

    name = forms.CharField(
        label="新的活动类型", max_length=40, help_text="例如：读书会。加上以后，计划活动和新增规定时就能选。"
    )


class ActionsForm(forms.Form):
    """The set and chosen actions of a scheme such as 7+5, one a line."""

    prescribed = forms.CharField(
        label="规定动作",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="一行写一项。每次活动都要有。",
    )
    chosen = forms.CharField(
        label="自选动作",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="一行写一项。由支部自己选。",
    )

    def clean_prescribed(self) -> list[str]:
        return _lines(self.cleaned_data["prescribed"])

    def clean_chosen(self) -> list[str]:
        return _lines(self.cleaned_data["chosen"])


class EndForm(forms.Form):
    """From which day nothing is owed any more."""

    on = forms.DateField(label="从哪天起停止", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if too_long := next((line for line in lines if len(line) > LONGEST), None):
        raise forms.ValidationError(f"“{too_long[:10]}…”太长了，一项请不超过{LONGEST}个字。")
    return lines
