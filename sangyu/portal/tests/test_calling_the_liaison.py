"""Calling the liaison by a button: the telephone opens; the number is nowhere on the page."""

from datetime import date
from typing import Any

import pytest

from sangyu.members.actions import appointments, people
from sangyu.members.models import Appointment, Look, Person
from sangyu.members.models.belonging import Role
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast
from sangyu.members.tests.signing_in import helping, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/portal/call-liaison/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def words(client: Any) -> str:
    return str(client.get(PAGE).content.decode())


def end_office(cast: Cast, person: Person) -> None:
    appointments.end_appointment(cast.actor(cast.clerk), Appointment.objects.get(person=person), date(2020, 1, 1))


def test_the_page_names_the_liaison_and_hides_the_number(cast: Cast) -> None:
    text = words(signed_in(cast.member))
    assert "打电话给廖联络" in text and "13000000002" not in text


def test_the_button_opens_the_telephone_and_is_no_look(cast: Cast) -> None:
    answer = signed_in(cast.member).post(PAGE, {"person": cast.liaison.pk})
    assert (answer.status_code, answer["Location"]) == (302, "tel:13000000002")
    assert not Look.objects.exists()


def test_the_browser_is_allowed_to_follow_the_form_to_the_telephone(cast: Cast) -> None:
    """Chromium blocks a form's redirect to where form-action does not lead."""
    assert "form-action 'self' tel:" in signed_in(cast.member).get(PAGE)["Content-Security-Policy"]


def test_without_a_liaison_it_is_the_secretary(cast: Cast) -> None:
    end_office(cast, cast.liaison)
    assert "打电话给单书记" in words(signed_in(cast.member))


def test_without_either_it_says_whom_to_ask(cast: Cast) -> None:
    end_office(cast, cast.liaison)
    end_office(cast, cast.secretary)
    assert "还没有登记联络员" in words(signed_in(cast.member))


def test_a_missing_number_is_a_sentence(cast: Cast) -> None:
    bureau = cast.actor(cast.clerk)
    new = people.write_person(bureau, cast.branch, "新联络")
    appointments.appoint(bureau, new, cast.branch, Role.LIAISON, FOUNDED)
    answer = signed_in(cast.member).post(PAGE, {"person": new.pk})
    assert "没有登记新联络的电话" in answer.content.decode()


@pytest.mark.parametrize("who", ["housebound", "neighbour_secretary", "clerk"])
def test_nobody_elses_number_is_given(cast: Cast, who: str) -> None:
    answer = signed_in(cast.member).post(PAGE, {"person": getattr(cast, who).pk})
    assert "Location" not in answer.headers


@pytest.mark.parametrize("junk", ["", "x", "-1"])
def test_a_made_up_person_is_nobody(cast: Cast, junk: str) -> None:
    assert signed_in(cast.member).post(PAGE, {"person": junk}).status_code == 200


def test_a_helper_is_given_the_helped_persons_liaison(cast: Cast) -> None:
    assert "打电话给廖联络" in words(helping(cast.secretary, cast.housebound))
