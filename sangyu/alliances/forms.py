"""What the bureau fills in to bring branches together."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet

from sangyu.kit.doors import OnceForm
from sangyu.members.choosing import offer
from sangyu.members.models import Organization

SMALL = 7  # below this a branch has no committee (支部工作条例 art. 20) and soon too few people to meet


class Branches(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Branches to tick, each with the number of its members."""

    sizes: Mapping[int, int] = {}

    def label_from_instance(self, obj: Organization) -> str:
        size = self.sizes.get(obj.pk, 0)
        return f"{obj.name}（党员{size}名{'，人少，适合结盟' if size < SMALL else ''}）"


class ProposeForm(OnceForm):
    """A new alliance and who is asked to join."""

    convener = forms.ModelChoiceField(Organization.objects.none(), label="发起单位", empty_label=None)
    name = forms.CharField(label="联盟名称", max_length=60)
    purpose = forms.CharField(
        label="宗旨",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一两句话：为什么联合，一起做什么。",
    )
    invited = Branches(
        Organization.objects.none(),
        label="邀请哪些支部",
        widget=forms.CheckboxSelectMultiple,
        help_text="至少两个。加入由各支部自己决定，隶属关系不变。",
        error_messages={"required": "请至少勾选两个支部。"},
    )

    def __init__(
        self,
        *args: Any,
        conveners: QuerySet[Organization],
        branches: QuerySet[Organization],
        sizes: Mapping[int, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "convener", conveners)
        few = self.fields["invited"]
        assert isinstance(few, Branches)
        few.sizes = sizes
        offer(self, "invited", branches)


class InviteForm(forms.Form):
    """One more branch."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label="再邀请一个支部", empty_label="请选择")

    def __init__(self, *args: Any, branches: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organization", branches)
