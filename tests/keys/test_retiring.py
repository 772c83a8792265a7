"""Old keys go only when nothing needs them any more."""

from pathlib import Path

import pytest

from sangyu.keys import actions, queries, rotation
from sangyu.keys.actions import add_new_keys, retire_old_keys
from sangyu.kit import crypto
from sangyu.kit.crypto import SM4
from sangyu.kit.crypto.key_file import copies
from sangyu.kit.refusals import Conflict
from sangyu.members.models import Person
from sangyu.members.tests.cast import Cast, make_cast
from tests.keys.people import KEEPER, entries, register, told_numbers


@pytest.fixture
def cast(key_file: Path, db: None) -> Cast:
    return make_cast()


def rotate() -> None:
    assert rotation.reseal_everything(KEEPER, lambda said, done: None, patience=5).whole


def test_while_a_row_needs_them_they_stay(cast: Cast, key_file: Path) -> None:
    register(cast.office, 1)
    add_new_keys(KEEPER, with_index=True)
    written = key_file.read_text()
    with pytest.raises(Conflict, match="旧密钥不能撤下"):
        retire_old_keys(KEEPER)
    assert key_file.read_text() == written and not entries("keys.retired")


def test_an_index_that_needs_them_is_reason_enough(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    register(cast.office, 1)
    add_new_keys(KEEPER)
    rotate()
    add_new_keys(KEEPER, with_index=True)
    assert {held.is_index for held in queries.held_by_older(queries.holdings(KEEPER), crypto.keyring())} == {True}
    with pytest.raises(Conflict):
        retire_old_keys(KEEPER)


def test_then_they_go_and_everybody_still_reads(cast: Cast, key_file: Path) -> None:
    register(cast.office, 1)
    told = told_numbers()
    add_new_keys(KEEPER, SM4, with_index=True)
    rotate()
    both = key_file.read_text()
    after = retire_old_keys(KEEPER)
    assert (list(after.versions), list(after.indexes)) == ([2], [2])
    assert told_numbers() == told
    assert copies(key_file)[-1].read_text() == both
    assert [e["detail"] for e in entries("keys.retired")] == ['{"indexes": [1], "versions": [1]}']
    with pytest.raises(Conflict, match="已经登记过"):
        register(cast.office, 1)


def test_the_next_rotation_begins_where_this_one_ended(cast: Cast) -> None:
    register(cast.office, 1)
    told = told_numbers()
    for round_number in (2, 3):
        add_new_keys(KEEPER, with_index=True)
        rotate()
        assert list(retire_old_keys(KEEPER).versions) == [round_number]
    assert told_numbers() == told
    assert {
        bytes(index or b"")[0] for index in Person.objects.filter(name="人1").values_list("phone_index", flat=True)
    } == {3}


def test_without_old_keys_nothing_happens(cast: Cast, key_file: Path) -> None:
    written = key_file.read_text()
    assert retire_old_keys(KEEPER) == crypto.keyring()
    assert key_file.read_text() == written and not copies(key_file) and not entries("keys.retired")


def test_a_key_file_that_can_not_be_replaced_leaves_no_entry(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    add_new_keys(KEEPER)
    rotate()

    def full(path: Path) -> None:
        raise OSError(28, "disk full")

    monkeypatch.setattr(actions, "remove_old_keys", full)
    with pytest.raises(OSError):
        retire_old_keys(KEEPER)
    assert len(crypto.keyring().versions) == 2 and not entries("keys.retired")
