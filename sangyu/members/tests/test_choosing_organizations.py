"""An organization is chosen from a list where it is short, else by its name."""

import pytest
from django import forms

from sangyu.members import choosing
from sangyu.members.actions.organizations import found_organization
from sangyu.members.choosing import OrganizationByName, OrganizationsByName, offer
from sangyu.members.models import Organization
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast

pytestmark = pytest.mark.django_db
NAMES = ("教育局第一支部", "教育局第二支部", "教育局", "卫健委支部")


class One(forms.Form):
    place = forms.ModelChoiceField(Organization.objects.none(), label="组织")


class Some(forms.Form):
    places = forms.ModelMultipleChoiceField(Organization.objects.none(), label="支部")


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    for name in NAMES:
        found_organization(cast.actor(cast.clerk), cast.office, name, "branch", FOUNDED)
    return cast


@pytest.fixture
def many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(choosing, "MOST", 2)
    return cast


def filled(form: forms.Form, words: str) -> forms.Form:
    form.is_bound, form.data = True, dict.fromkeys(form.fields, words)
    name = next(iter(form.fields))
    offer(form, name, Organization.objects.order_by("reading", "id"))
    form.is_valid()
    return form


def chosen(words: str) -> str:
    return filled(One(), words).cleaned_data["place"].name


def complaint(words: str) -> str:
    return str(filled(One(), words).errors["place"])


def test_few_are_listed(cast: Cast) -> None:
    form = One()
    offer(form, "place", Organization.objects.all())
    assert isinstance(form.fields["place"], forms.ModelChoiceField)


@pytest.mark.usefixtures("many")
def test_of_many_the_name_is_written_and_a_part_of_it_is_enough() -> None:
    assert isinstance(filled(One(), "卫健").fields["place"], OrganizationByName)
    assert chosen("卫健") == chosen(" 卫健委 支部 ") == "卫健委支部"


@pytest.mark.usefixtures("many")
def test_a_whole_name_is_that_one_although_others_hold_it() -> None:
    assert chosen("教育局") == "教育局"


@pytest.mark.usefixtures("many")
def test_what_several_bear_is_told_with_their_names() -> None:
    told = complaint("教育局第")
    assert "教育局第一支部" in told and "教育局第二支部" in told and "更完整" in told


@pytest.mark.usefixtures("many")
def test_what_nobody_bears_is_told_and_what_was_written_stays() -> None:
    assert "没有找到" in complaint("环保局")
    assert 'value="环保局"' in filled(One(), "环保局").as_p()


@pytest.mark.usefixtures("many")
def test_what_may_not_be_chosen_is_not_found(many: Cast) -> None:
    form = One({"place": many.neighbour.name})
    offer(form, "place", Organization.objects.exclude(pk=many.neighbour.pk))
    assert not form.is_valid()


@pytest.mark.usefixtures("many")
def test_several_are_written_one_to_a_line_each_once() -> None:
    form = filled(Some(), "卫健\n\n教育局第一\n卫健委支部\n")
    assert isinstance(form.fields["places"], OrganizationsByName)
    assert [one.name for one in form.cleaned_data["places"]] == ["卫健委支部", "教育局第一支部"]


@pytest.mark.usefixtures("many")
def test_each_wrong_line_is_told() -> None:
    told = str(filled(Some(), "环保局\n卫健\n司法局").errors["places"])
    assert "环保局" in told and "司法局" in told and "卫健" not in told
