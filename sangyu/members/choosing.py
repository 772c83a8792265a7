"""Choosing an organization in a form: from a list where it is short, by name where a province would not fit a page."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from sangyu.members.models import Organization

MOST = 200  # names that a person still looks through
TOLD = 10  # names told when several fit what was written


class OrganizationByName(forms.CharField):
    """A name, or part of one, that only one of the organizations bears."""

    def __init__(self, organizations: QuerySet[Organization], **told: Any) -> None:
        super().__init__(max_length=80, help_text="写出名称，可以只写其中几个连着的字。", **told)
        self.organizations = organizations

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Organization) else value

    def clean(self, value: Any) -> Organization | None:
        words = "".join(str(super().clean(value)).split())
        if not words:
            return None
        found = list(self.organizations.filter(name__contains=words)[: TOLD + 1])
        exact = [one for one in found if one.name == words] or list(self.organizations.filter(name=words)[:2])
        if len(exact) == 1 or len(found) == 1:
            return (exact if len(exact) == 1 else found)[0]
        if not found:
            raise forms.ValidationError(f"没有找到名称里有“{words}”的组织，请换几个字试试。")
        names = "、".join(one.name for one in found[:TOLD]) + ("等" if len(found) > TOLD else "")
        raise forms.ValidationError(f"有不止一个组织符合：{names}。请写得更完整一些。")


class OrganizationsByName(forms.CharField):
    """Several of them, one to a line."""

    def __init__(self, organizations: QuerySet[Organization], **told: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 8}), help_text="一行写一个名称，可以只写一部分。", **told)
        self.one = OrganizationByName(organizations, required=False)

    def clean(self, value: Any) -> list[Organization]:
        found: dict[int, Organization] = {}
        wrong: list[forms.ValidationError] = []
        for line in str(super().clean(value)).splitlines():
            try:
                if chosen := self.one.clean(line):
                    found[chosen.pk] = chosen
            except forms.ValidationError as complaint:
                wrong.append(complaint)
        if wrong:
            raise forms.ValidationError(wrong)
        return list(found.values())


def offer(form: forms.Form, name: str, organizations: QuerySet[Organization]) -> None:
    """Let the form's field `name` choose among these: as it is where they are few, else by their names."""
    few = form.fields[name]
    assert isinstance(few, forms.ModelChoiceField)
    few.queryset = organizations
    shown = list(organizations[: MOST + 1])
    if len(shown) <= MOST:  # not asked for again when the page is written
        nothing = [("", few.empty_label)] if few.empty_label is not None else []
        few.widget.choices = [*nothing, *((one.pk, few.label_from_instance(one)) for one in shown)]
    else:
        by_name = OrganizationsByName if isinstance(few, forms.ModelMultipleChoiceField) else OrganizationByName
        told = {"label": few.label, "required": few.required, "initial": few.initial}
        form.fields[name] = by_name(organizations, **told, error_messages=few.error_messages)
