"""What is sealed opens again only whole, in its own field, with its own key."""

import base64
import hmac
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from sangyu.kit import crypto
from sangyu.kit.crypto import SM3, SM4, DataKey, IndexKey, Keyring, SealBroken

FIELD = "person.id_number"
OTHER_FIELD = "person.phone"
NUMBER = "620201195001011234"
FIRST, SECOND, INDEX = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
NATIONAL, NATIONAL_INDEX = bytes(range(96, 112)), bytes(range(112, 144))
KEYS = Keyring({1: DataKey(FIRST)}, {1: IndexKey(INDEX)})
ROTATED = Keyring({1: DataKey(FIRST), 2: DataKey(SECOND)}, {1: IndexKey(INDEX)})
NATIONALS = Keyring(
    {1: DataKey(FIRST), 2: DataKey(SECOND), 3: DataKey(NATIONAL, SM4)},
    {1: IndexKey(INDEX), 2: IndexKey(NATIONAL_INDEX, SM3)},
)
EACH = pytest.mark.parametrize("keys", [KEYS, ROTATED, NATIONALS], ids=["aes", "second", "sm4"])
TEXTS = st.text(st.characters(codec="utf-8"))


def line(name: str, key: bytes) -> str:
    return f"{name}:{base64.b64encode(key).decode()}"


@EACH
@given(text=TEXTS, about=TEXTS)
def test_a_sealed_text_opens_again_in_its_field(keys: Keyring, text: str, about: str) -> None:
    assert crypto.open_sealed(keys, crypto.seal(keys, text, about), about) == text


@EACH
@given(content=st.binary())
def test_a_sealed_file_opens_again(keys: Keyring, content: bytes) -> None:
    assert crypto.open_sealed_bytes(keys, crypto.seal_bytes(keys, content, FIELD), FIELD) == content


def test_a_seal_from_the_database_driver_opens_as_a_memoryview() -> None:
    sealed: bytes = memoryview(crypto.seal(KEYS, NUMBER, FIELD))  # type: ignore[assignment]
    assert crypto.open_sealed(KEYS, sealed, FIELD) == NUMBER


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    assert len({crypto.seal(KEYS, NUMBER, FIELD) for _ in range(50)}) == 50


def test_the_sealed_form_is_as_documented() -> None:
    sealed = crypto.seal(ROTATED, NUMBER, FIELD)
    assert sealed[:2] == b"\x01\x02"
    assert AESGCM(SECOND).decrypt(sealed[2:14], sealed[14:], b"\x01\x02" + FIELD.encode()) == NUMBER.encode()


def test_what_was_sealed_before_there_were_other_ciphers_still_opens() -> None:
    """Written by the first version of this program, with key lines that name no cipher."""
    landed = Keyring.parse("\n".join([line("1", FIRST), line("2", SECOND), line("index", INDEX)]))
    for sealed in (
        "0101acc7233980dcca4d64e451a293eca7bb9536ab95a1655766732aa79e752cdc85b047c58e34db03bb452656274bef",
        "0102bdbca30876db8aeeefb37fd21ab78049db68d7d10c3781021b70b47e4edbf800cefbed5c15676f54ad00cefbcb83",
    ):
        assert crypto.open_sealed(landed, bytes.fromhex(sealed), FIELD) == NUMBER
        assert crypto.open_sealed(NATIONALS, bytes.fromhex(sealed), FIELD) == NUMBER
    index = "cd6b15b8551cb4ff8d43e64978b12bcb112cde487d2bbfab7dcd9290f70fd922"
    assert crypto.blind_index(landed, NUMBER, FIELD).hex() == index
    assert bytes.fromhex(index) in crypto.blind_indexes(NATIONALS, NUMBER, FIELD)


@EACH
def test_a_change_of_any_byte_is_refused(keys: Keyring) -> None:
    sealed = crypto.seal(keys, NUMBER, FIELD)
    for at in range(len(sealed)):
        for flip in (0x01, 0x03, 0x80):
            broken = bytearray(sealed)
            broken[at] ^= flip
            with pytest.raises(SealBroken):
                crypto.open_sealed(keys, bytes(broken), FIELD)


@EACH
def test_a_seal_cut_short_or_made_longer_is_refused(keys: Keyring) -> None:
    sealed = crypto.seal(keys, NUMBER, FIELD)
    for broken in [sealed[:length] for length in range(len(sealed))] + [sealed + b"\x00"]:
        with pytest.raises(SealBroken):
            crypto.open_sealed(keys, broken, FIELD)


@EACH
def test_a_seal_moved_to_another_field_is_refused(keys: Keyring) -> None:
    with pytest.raises(SealBroken, match="打不开"):
        crypto.open_sealed(keys, crypto.seal(keys, NUMBER, FIELD), OTHER_FIELD)


def test_a_seal_of_a_missing_key_version_says_which() -> None:
    with pytest.raises(SealBroken, match="第 2 版密钥"):
        crypto.open_sealed(KEYS, crypto.seal(ROTATED, NUMBER, FIELD), FIELD)


def test_bytes_that_are_no_text_are_refused_as_text() -> None:
    with pytest.raises(SealBroken, match="不是文字"):
        crypto.open_sealed(KEYS, crypto.seal_bytes(KEYS, b"\xff\xfe", FIELD), FIELD)


def test_after_rotation_old_seals_open_and_new_ones_use_the_new_key() -> None:
    assert crypto.open_sealed(ROTATED, crypto.seal(KEYS, NUMBER, FIELD), FIELD) == NUMBER
    assert crypto.seal(ROTATED, NUMBER, FIELD)[1] == 2
    assert crypto.open_sealed(NATIONALS, crypto.seal(ROTATED, NUMBER, FIELD), FIELD) == NUMBER
    assert crypto.seal(NATIONALS, NUMBER, FIELD)[1] == 3


def test_a_key_of_the_right_size_for_the_wrong_cipher_opens_nothing() -> None:
    other = Keyring({3: DataKey(FIRST)}, {1: IndexKey(INDEX)})
    with pytest.raises(SealBroken):
        crypto.open_sealed(other, crypto.seal(NATIONALS, NUMBER, FIELD), FIELD)


def test_an_unknown_version_is_looked_for_once_where_the_keys_came_from() -> None:
    asked: list[int] = []

    def again() -> Keyring:
        asked.append(1)
        return ROTATED

    sealed = crypto.seal(ROTATED, NUMBER, FIELD)
    assert crypto.open_sealed(replace(KEYS, again=again), sealed, FIELD) == NUMBER
    with pytest.raises(SealBroken, match="第 3 版密钥"):
        crypto.open_sealed(replace(KEYS, again=again), crypto.seal(NATIONALS, NUMBER, FIELD), FIELD)
    assert len(asked) == 2


def test_the_index_of_a_text_is_the_same_after_rotation_and_differs_by_field_and_text() -> None:
    index = crypto.blind_index(KEYS, NUMBER, FIELD)
    assert len(index) == 32
    assert index == crypto.blind_index(ROTATED, NUMBER, FIELD)
    assert index != crypto.blind_index(KEYS, NUMBER, OTHER_FIELD)
    assert index != crypto.blind_index(KEYS, NUMBER + "0", FIELD)
    assert index != crypto.blind_index(Keyring({1: DataKey(FIRST)}, {1: IndexKey(SECOND)}), NUMBER, FIELD)


def test_the_index_is_a_plain_hmac_of_length_field_and_text() -> None:
    message = b"\x00\x00\x00\x10" + FIELD.encode() + NUMBER.encode()
    assert crypto.blind_index(KEYS, NUMBER, FIELD) == hmac.digest(INDEX, message, sha256)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_no_two_pairs_of_field_and_text_share_an_index(a: str, b: str, c: str, d: str) -> None:
    same = crypto.blind_index(KEYS, a, b) == crypto.blind_index(KEYS, c, d)
    assert same == ((a, b) == (c, d))


def test_letters_cannot_wander_from_the_field_into_the_text() -> None:
    assert crypto.blind_index(KEYS, "bc", "a") != crypto.blind_index(KEYS, "c", "ab")


def test_while_index_keys_change_a_text_is_looked_up_by_each_and_written_by_the_newest() -> None:
    newest, older = crypto.blind_indexes(NATIONALS, NUMBER, FIELD)
    assert newest == crypto.blind_index(NATIONALS, NUMBER, FIELD)
    assert older == crypto.blind_index(KEYS, NUMBER, FIELD)
    assert crypto.blind_indexes(KEYS, NUMBER, FIELD) == [older]


def test_an_index_says_which_key_it_is_of_except_the_first() -> None:
    newest, older = crypto.blind_indexes(NATIONALS, NUMBER, FIELD)
    assert (len(newest), newest[0], len(older)) == (33, 2, 32)
    third = Keyring({1: DataKey(FIRST)}, {3: IndexKey(NATIONAL_INDEX, SM3)})
    assert crypto.blind_index(third, NUMBER, FIELD)[1:] == newest[1:]
