"""The roll of one branch as a form: a mark and a reason for each person, and what was written down."""

from typing import Any, NamedTuple

from django import forms

from sangyu.activities.actions.roll import Marked
from sangyu.activities.models import Mark, Participation
from sangyu.activities.rolls import EXCUSED, RollRow, counts

REASONS = ("生病", "外出", "家中有事")


class Difference(NamedTuple):
    """What somebody else saved, beside what is typed here."""

    what: str
    theirs: str
    mine: str


class RollForm(forms.Form):
    """Marks are read by person: mark-12=present, reason-12=…; `rows` shows them, saved, suggested or just typed.

    Minutes belong to the host; a closed roll is corrected by its marks alone.
    """

    version = forms.IntegerField()
    notes = forms.CharField(
        label="本支部另外要记的",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="只记在本支部的纪实里，例如本支部讨论的意见。",
    )
    minutes = forms.CharField(
        label="会议记录",
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="写几句就可以：讲了什么，讨论了什么，定了什么。",
    )

    def __init__(self, part: Participation, rows: list[RollRow], posted: Any = None) -> None:
        super().__init__(posted, initial={"notes": part.notes, "minutes": part.activity.minutes})
        self.part, self.rows = part, rows
        self.saved = {row.person.pk: row for row in rows}
        if part.organization_id != part.activity.host_id or part.is_closed:
            del self.fields["minutes"]
        if part.is_closed:
            del self.fields["notes"]
        if posted is not None:
            self.rows = [self._typed(row) for row in rows]

    def clean(self) -> dict[str, Any]:
        """Adds `marks`: how each person was marked, by id. Who is not marked yet is not in it."""
        cleaned = super().clean() or self.cleaned_data
        marked = [row for row in self.rows if row.mark]
        if any(row.mark not in Mark.values for row in marked):
            raise forms.ValidationError("点名表里有一项看不懂，请重新选一次。")
        cleaned["marks"] = {row.person.pk: Marked(row.mark, row.reason) for row in marked}
        return cleaned

    @property
    def counts(self) -> list[Any]:
        return counts(row.mark for row in self.rows)

    @property
    def unmarked(self) -> int:
        return sum(not row.mark for row in self.rows)

    @property
    def is_overtaken(self) -> bool:
        """True when somebody saved since this form was opened."""
        return self.is_bound and str(self.data.get("version", "")) != str(self.part.version)

    @property
    def differences(self) -> list[Difference]:
        """Where the latest saved state is not what is typed here."""
        people = [
            Difference(row.person.name, self.saved[row.person.pk].mark_label, row.mark_label)
            for row in self.rows
            if row.mark in Mark.values and row.mark != self.saved[row.person.pk].mark
        ]
        texts = (("会议记录", "minutes", self.part.activity.minutes), ("本支部另外要记的", "notes", self.part.notes))
        return people + [
            Difference(label, saved, typed)
            for label, name, saved in texts
            if (typed := self.data.get(name, "").strip()) and typed != saved.strip()
        ]

    def _typed(self, row: RollRow) -> RollRow:
        mark = self.data.get(f"mark-{row.person.pk}", "")
        reason = self.data.get(f"reason-{row.person.pk}", "").strip()[:60] if mark in EXCUSED else ""
        return RollRow(row.person, mark, reason, row.hint)
