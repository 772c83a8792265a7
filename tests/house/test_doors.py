"""A stranger finds a sign-in page with the privacy notice and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse

from sangyu.config.gate import PUBLIC
from tests.house.doors import Door, doors

pytestmark = pytest.mark.django_db
SAMPLES = {"int": 1, "string": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000"}
DOORS = sorted(doors())


def address(door: Door) -> str:
    return reverse(door.name, kwargs={argument: SAMPLES[kind] for argument, kind in door.arguments.items()})


def test_every_url_has_a_name() -> None:
    assert not [door.name for door in DOORS if "/" in door.name]
    assert len({door.name for door in DOORS}) == len(DOORS), "a name is given twice"


@pytest.mark.parametrize("door", [d for d in DOORS if d.name not in PUBLIC], ids=lambda d: d.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_asked_to_sign_in(door: Door, method: str) -> None:
    response = getattr(Client(), method)(address(door))
    assert response.status_code in (302, 401, 403), f"{door.name} answers a stranger with {response.status_code}"
    if response.status_code == 302:
        assert response["Location"].startswith(reverse("account_login")), response["Location"]


def test_what_is_public_exists_and_says_why() -> None:
    assert set(PUBLIC) <= {door.name for door in DOORS}
    assert all(len(reason) > 10 for reason in PUBLIC.values())


def test_addresses_that_do_not_exist_say_nothing() -> None:
    assert Client().get("/admin/").status_code == 404
    assert Client().get("/media/x").status_code == 404
