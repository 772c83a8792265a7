"""New keys come into use at once, beside the old ones; a rotation that was begun goes on with its own."""

import os
from pathlib import Path

import pytest

from sangyu.journal.actor import STRANGER
from sangyu.keys.actions import add_new_keys
from sangyu.kit.crypto import SM3, SM4, Keyring
from sangyu.kit.crypto.key_file import add_keys
from sangyu.kit.refusals import NotAllowed, Refusal
from sangyu.members.models import Organization, Person
from sangyu.members.tests.cast import make_cast
from tests.keys.people import KEEPER, entries, number, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(key_file: Path) -> Organization:
    return make_cast().office


def test_a_new_key_of_the_same_kind_is_the_usual_thing(office: Organization) -> None:
    after = add_new_keys(KEEPER)
    assert (after.current, after.versions[2].cipher, after.current_index) == (2, "aes", 1)
    assert entries("keys.added") == [{"detail": '{"index": 1, "cipher": "aes"}', "actor": None, "door": "command"}]


def test_the_national_algorithms_are_chosen_together(office: Organization) -> None:
    after = add_new_keys(KEEPER, SM4, with_index=True)
    assert (after.versions[2].cipher, after.indexes[2].hash) == (SM4, SM3)


def test_what_is_written_from_now_on_needs_the_new_key_and_what_is_there_still_opens(office: Organization) -> None:
    before = register(office, 1)
    add_new_keys(KEEPER, SM4)
    after = register(office, 2)
    assert bytes(before.phone_sealed or b"")[1] == 1 and bytes(after.phone_sealed or b"")[1] == 2
    assert {person.id_number for person in Person.objects.filter(name__startswith="人")} == {number(1), number(2)}


def test_a_rotation_that_was_stopped_goes_on_with_the_keys_it_has(office: Organization, key_file: Path) -> None:
    add_new_keys(KEEPER, SM4, with_index=True)
    written = key_file.read_text()
    add_new_keys(KEEPER, SM4, with_index=True)
    add_new_keys(KEEPER)
    assert key_file.read_text() == written
    assert len(entries("keys.added")) == 1


def test_the_index_key_may_still_be_added_in_the_middle(office: Organization) -> None:
    add_new_keys(KEEPER)
    after = add_new_keys(KEEPER, with_index=True)
    assert (after.current, after.current_index) == (2, 2)


def test_another_cipher_in_the_middle_is_refused(office: Organization, key_file: Path) -> None:
    add_new_keys(KEEPER)
    written = key_file.read_text()
    with pytest.raises(Refusal, match="还没有收尾"):
        add_new_keys(KEEPER, SM4)
    assert key_file.read_text() == written


def test_a_key_that_came_into_the_file_just_before_somebody_was_stopped_is_recorded(
    office: Organization, key_file: Path
) -> None:
    add_keys(key_file, SM4, "")
    add_new_keys(KEEPER)
    assert [entry["detail"] for entry in entries("keys.added")] == ['{"index": 1, "cipher": "sm4"}']


def test_keys_that_do_not_open_the_data_are_not_added_to(office: Organization, key_file: Path) -> None:
    register(office, 1)
    other = Keyring.generate()
    key_file.write_text(other)
    with pytest.raises(Refusal, match="打不开"):
        add_new_keys(KEEPER)
    assert key_file.read_text() == other and os.listdir(key_file.parent) == [key_file.name]
    assert not entries("keys.added")


def test_nobody_else_adds_keys(office: Organization, key_file: Path) -> None:
    written = key_file.read_text()
    with pytest.raises(NotAllowed):
        add_new_keys(STRANGER)
    assert key_file.read_text() == written
