"""What the bureau fills in to hang an organization elsewhere."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from sangyu.members.choosing import offer
from sangyu.members.forms import Day
from sangyu.members.models import Organization


class MoveForm(forms.Form):
    """A new superior, and from which day."""

    parent = forms.ModelChoiceField(Organization.objects.none(), label="新的上级组织", empty_label="请选择")
    on = Day(label="从哪天起", help_text="就是批准调整的那一天。这一天以前的沿革保留不变。")

    def __init__(self, *args: Any, superiors: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "parent", superiors)
