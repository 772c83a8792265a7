"""What the bureau and branch officers fill in about organizations and people."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from sangyu.kit import clock
from sangyu.members.choosing import offer
from sangyu.members.models import Organization, Person
from sangyu.members.models.belonging import CircumstanceKind, MembershipKind, Role
from sangyu.members.models.organization import Bond, OrganizationKind
from sangyu.members.roster import words

Choices = list[tuple[str, str]]


class Day(forms.DateField):
    """A day, today if nothing else is said."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "initial": clock.today, **options})


def roles_in(organization: Organization) -> Choices:
    """Offices that exist there: a branch has no staff of the bureau, the bureau has no liaison."""
    return [(r.value, r.label) for r in Role if (r == Role.BUREAU) != organization.is_branch]


class FoundForm(forms.Form):
    """A new organization below another."""

    name = forms.CharField(label="名称", max_length=80, help_text="写全称，例如：机关工委离退休干部党支部。")
    kind = forms.ChoiceField(label="类型", choices=OrganizationKind.choices, initial=OrganizationKind.BRANCH)
    bond = forms.ChoiceField(
        label="三缘",
        choices=[("", "不是三缘型"), *Bond.choices],
        required=False,
        help_text="按居住地、行业或兴趣组成的才选。",
    )
    on = Day(label="成立日期")


class AppointForm(forms.Form):
    """An office for somebody of the organization."""

    person = forms.ModelChoiceField(Person.objects.none(), label="姓名", empty_label="请选择")
    role = forms.ChoiceField(label="职务")
    since = Day(label="任职日期")
    until = Day(
        label="任期到",
        required=False,
        initial=None,
        help_text="一般每届3年，村和社区5年（支部工作条例第二十一条）。没有任期的不填。",
    )

    def __init__(self, *args: Any, organization: Organization, candidates: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people, roles = self.fields["person"], self.fields["role"]
        assert isinstance(people, forms.ModelChoiceField) and isinstance(roles, forms.ChoiceField)
        people.queryset, roles.choices = candidates, roles_in(organization)


class RegisterForm(forms.Form):
    """Somebody in service who is no member, with the office held."""

    name = forms.CharField(label="姓名", max_length=40)
    phone = forms.CharField(label="电话", max_length=30, widget=forms.TextInput(attrs={"type": "tel"}))
    role = forms.ChoiceField(label="职务")
    since = Day(label="任职日期")

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = self.fields["role"]
        assert isinstance(roles, forms.ChoiceField)
        roles.choices = roles_in(organization)
        roles.initial = Role.LIAISON if organization.is_branch else Role.BUREAU

    def clean_name(self) -> str:
        return _read(words.name, self.cleaned_data["name"])

    def clean_phone(self) -> str:
        return _read(words.phone, self.cleaned_data["phone"])


class EndForm(forms.Form):
    """From which day something no longer holds."""

    on = Day(label="从哪天起")


class RevealForm(forms.Form):
    """What is to be seen in clear, and why."""

    what = forms.ChoiceField(
        label="查看什么",
        choices=[("phone", "电话号码"), ("id_number", "身份证号")],
        widget=forms.RadioSelect,
        initial="phone",
    )
    reason = forms.CharField(
        label="原因", max_length=200, help_text="例如：办理组织关系转接。本人可以看到谁在什么时候、因为什么看过。"
    )


class CircumstanceForm(forms.Form):
    """How somebody is placed in life, from a day on."""

    kind = forms.ChoiceField(label="情况", choices=CircumstanceKind.choices)
    since = Day(label="从哪天起")


class JoinForm(forms.Form):
    """Where else somebody belongs, and how."""

    kind = forms.ChoiceField(label="怎样登记", choices=MembershipKind.choices, initial=MembershipKind.REGISTERED)
    organization = forms.ModelChoiceField(Organization.objects.none(), label="哪个组织", empty_label="请选择")
    since = Day(label="从哪天起")

    def __init__(self, *args: Any, places: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organization", places)


def _read(reader: Any, text: str) -> str:
    """A word as rosters read it, its complaint as the form's."""
    try:
        return str(reader(text))
    except ValueError as complaint:
        raise forms.ValidationError(str(complaint)) from complaint
