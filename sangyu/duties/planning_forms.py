"""Planning a sitting: a form that knows the branch's set actions and starts from the sitting before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms

from sangyu.alliances.models import Alliance
from sangyu.duties.models import ActionSet
from sangyu.kit import clock

MOMENT = "%Y-%m-%dT%H:%M"
USUAL_LENGTH = timedelta(hours=2)
STEP_LENGTH = 80


def _moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)


class PlanForm(forms.Form):
    """What, when, where; the agenda as ticks of the set actions and free lines.

    The token makes a form that is sent twice plan once. `actions` is the branch's scheme, `alliances` those it may
    plan for (none when a plan is changed: whose activity it is stays).
    """

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    alliance = forms.TypedChoiceField(label="和谁一起", widget=forms.RadioSelect, required=False, coerce=int)
    kinds = forms.MultipleChoiceField(
        label="类型", widget=forms.CheckboxSelectMultiple, help_text="一次活动可以同时算几种，勾几项就记几项。"
    )
    title = forms.CharField(label="名称", max_length=80)
    starts_at = forms.DateTimeField(label="开始时间", widget=_moment_input())
    ends_at = forms.DateTimeField(
        label="结束时间", widget=_moment_input(), required=False, help_text="不填就按两个小时算。"
    )
    place = forms.CharField(label="地点", max_length=80)
    actions = forms.TypedMultipleChoiceField(
        label="做什么（规定动作和自选动作）", widget=forms.CheckboxSelectMultiple, coerce=int, required=False
    )
    more_steps = forms.CharField(
        label="还做什么", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="一行写一项。"
    )
    chair = forms.CharField(label="主持人", max_length=40, required=False)
    recorder = forms.CharField(label="记录人", max_length=40, required=False)
    notice = forms.CharField(
        label="要告诉大家的话",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如带什么、怎么去。会写进通知。",
    )

    def __init__(
        self,
        kinds: dict[str, str],
        scheme: Sequence[ActionSet],
        alliances: Sequence[Alliance] = (),
        posted: Any = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(posted, initial=initial)
        self.scheme = list(scheme)
        self.fields["kinds"].choices = list(kinds.items())  # type: ignore[attr-defined]
        named = [(a.pk, f"{a.title}（{'规定' if a.is_prescribed else '自选'}）") for a in scheme]
        self.fields["actions"].choices = named  # type: ignore[attr-defined]
        together = [(0, "本支部单独开展"), *((a.pk, f"和“{a.name}”各支部一起") for a in alliances)]
        self.fields["alliance"].choices = together  # type: ignore[attr-defined]
        for name, is_empty in (("alliance", not alliances), ("actions", not scheme)):
            if is_empty:
                del self.fields[name]

    def clean_starts_at(self) -> datetime:
        starts_at: datetime = self.cleaned_data["starts_at"]
        if not 1921 <= starts_at.year <= clock.today().year + 2:
            raise forms.ValidationError("请核对年份。")
        return starts_at

    def clean_more_steps(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["more_steps"].splitlines() if line.strip()]
        if any(len(line) > STEP_LENGTH for line in lines):
            raise forms.ValidationError(f"每一项不要超过{STEP_LENGTH}个字。")
        return lines

    @property
    def steps(self) -> list[tuple[str, bool]]:
        """The agenda: ticked actions in their order, then the free lines."""
        ticked = set(self.cleaned_data.get("actions", []))
        chosen = [(action.title, action.is_prescribed) for action in self.scheme if action.pk in ticked]
        return chosen + [(line, False) for line in self.cleaned_data["more_steps"]]

    @property
    def plan(self) -> dict[str, Any]:
        """What the activity itself says; two hours where no end is given."""
        given = {name: self.cleaned_data[name] for name in ("title", "kinds", "place", "chair", "recorder", "notice")}
        starts_at = self.cleaned_data["starts_at"]
        ends_at = self.cleaned_data["ends_at"] or starts_at + USUAL_LENGTH
        return {**given, "starts_at": starts_at, "ends_at": ends_at}
