"""The page where the bureau hangs an organization elsewhere: who opens it, what it offers, what it says afterwards."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sangyu.members import choosing
from sangyu.members.actions.appointments import write_appointment
from sangyu.members.actions.organizations import found_organization
from sangyu.members.models import Organization, Person
from sangyu.members.models.belonging import Role
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast
from sangyu.members.tests.factories import account_of

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 10)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def committee(cast: Cast) -> Organization:
    return found_organization(cast.actor(cast.clerk), cast.office, "教育工委", "committee", FOUNDED)


def visit(person: Person) -> Client:
    client = Client()
    client.force_login(account_of(person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(organization: Organization) -> str:
    return reverse("members:move", args=[organization.pk])


def offered(response: Any) -> set[str]:
    return {name for pk, name in response.context["form"].fields["parent"].widget.choices if pk}


def test_the_bureau_finds_it_on_the_organization_s_page_and_moves(cast: Cast, committee: Organization) -> None:
    client = visit(cast.clerk)
    assert page(cast.branch) in client.get(reverse("members:organization", args=[cast.branch.pk])).content.decode()
    assert "嘉峪关市委老干部局" in client.get(page(cast.branch)).content.decode()
    answer = client.post(page(cast.branch), {"parent": committee.pk, "on": DAY}, follow=True)
    assert "现在隶属于教育工委" in answer.content.decode()
    assert Organization.objects.get(pk=cast.branch.pk).parent == committee


def test_it_offers_superiors_only_and_neither_the_present_one_nor_itself(cast: Cast, committee: Organization) -> None:
    general = found_organization(cast.actor(cast.clerk), committee, "城区总支", "general_branch", FOUNDED)
    assert offered(visit(cast.clerk).get(page(general))) == {cast.office.name}
    assert offered(visit(cast.clerk).get(page(cast.branch))) == {"教育工委", "城区总支"}


def test_a_refusal_stands_on_the_form(cast: Cast, committee: Organization) -> None:
    answer = visit(cast.clerk).post(page(cast.branch), {"parent": committee.pk, "on": "2017-01-01"})
    assert "不能早于" in answer.content.decode()
    assert Organization.objects.get(pk=cast.branch.pk).parent == cast.office


def test_of_many_superiors_one_is_found_by_name(
    cast: Cast, committee: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "MOST", 1)
    found_organization(cast.actor(cast.clerk), cast.office, "卫生工委", "committee", FOUNDED)
    client = visit(cast.clerk)
    assert "可以只写其中几个连着的字" in client.get(page(cast.branch)).content.decode()
    answer = client.post(page(cast.branch), {"parent": "没有这个", "on": DAY}).content.decode()
    assert "没有找到名称里有“没有这个”的组织" in answer and 'value="没有这个"' in answer
    client.post(page(cast.branch), {"parent": "卫生", "on": DAY})
    assert Organization.objects.get(pk=cast.branch.pk).parent.name == "卫生工委"


@pytest.mark.parametrize("who, status", [("secretary", 403), ("liaison", 403), ("member", 404), ("other_clerk", 404)])
def test_others_do_not_open_it(cast: Cast, committee: Organization, who: str, status: int) -> None:
    client = visit(getattr(cast, who))
    assert client.get(page(cast.branch)).status_code == status
    assert client.post(page(cast.branch), {"parent": committee.pk, "on": DAY}).status_code == status
    assert Organization.objects.get(pk=cast.branch.pk).parent == cast.office


def test_whoever_keeps_the_organization_alone_does_not_open_it(cast: Cast, committee: Organization) -> None:
    write_appointment(cast.actor(cast.clerk), cast.member, committee, Role.BUREAU, FOUNDED)
    client = visit(cast.member)
    assert client.get(page(committee)).status_code == 403
    assert page(committee) not in client.get(reverse("members:organization", args=[committee.pk])).content.decode()


def test_a_stranger_is_asked_to_sign_in(cast: Cast) -> None:
    assert Client().get(page(cast.branch))["Location"].startswith("/sign-in/")
