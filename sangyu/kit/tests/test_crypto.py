"""What is sealed opens again only whole, in its own field, with its own key."""

import base64
import hmac
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from sangyu.kit import crypto
from sangyu.kit.crypto import Keyring, KeyringUnusable, SealBroken

FIELD = "person.id_number"
OTHER_FIELD = "person.phone"
NUMBER = "620201195001011234"
FIRST, SECOND, INDEX = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
KEYS = Keyring({1: FIRST}, 1, INDEX)
ROTATED = Keyring({1: FIRST, 2: SECOND}, 2, INDEX)
TEXTS = st.text(st.characters(codec="utf-8"))


def line(name: str, key: bytes) -> str:
    return f"{name}:{base64.b64encode(key).decode()}"


@given(TEXTS, TEXTS)
def test_a_sealed_text_opens_again_in_its_field(text: str, about: str) -> None:
    assert crypto.open_sealed(KEYS, crypto.seal(KEYS, text, about), about) == text


@given(st.binary())
def test_a_sealed_file_opens_again(content: bytes) -> None:
    assert crypto.open_sealed_bytes(KEYS, crypto.seal_bytes(KEYS, content, FIELD), FIELD) == content


def test_a_seal_from_the_database_driver_opens_as_a_memoryview() -> None:
    sealed: bytes = memoryview(crypto.seal(KEYS, NUMBER, FIELD))  # type: ignore[assignment]
    assert crypto.open_sealed(KEYS, sealed, FIELD) == NUMBER


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    assert len({crypto.seal(KEYS, NUMBER, FIELD) for _ in range(50)}) == 50


def test_the_sealed_form_is_as_documented() -> None:
    sealed = crypto.seal(ROTATED, NUMBER, FIELD)
    assert sealed[:2] == b"\x01\x02"
    assert AESGCM(SECOND).decrypt(sealed[2:14], sealed[14:], b"\x01\x02" + FIELD.encode()) == NUMBER.encode()


def test_the_cipher_agrees_with_a_published_vector() -> None:
    """McGrew and Viega, The Galois/Counter Mode of Operation, test case 14."""
    expected = bytes.fromhex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")
    assert AESGCM(bytes(32)).encrypt(bytes(12), bytes(16), None) == expected


def test_a_change_of_any_byte_is_refused() -> None:
    sealed = crypto.seal(ROTATED, NUMBER, FIELD)
    for at in range(len(sealed)):
        for flip in (0x01, 0x03, 0x80):
            broken = bytearray(sealed)
            broken[at] ^= flip
            with pytest.raises(SealBroken):
                crypto.open_sealed(ROTATED, bytes(broken), FIELD)


def test_a_seal_cut_short_or_made_longer_is_refused() -> None:
    sealed = crypto.seal(KEYS, NUMBER, FIELD)
    for broken in [sealed[:length] for length in range(len(sealed))] + [sealed + b"\x00"]:
        with pytest.raises(SealBroken):
            crypto.open_sealed(KEYS, broken, FIELD)


def test_a_seal_moved_to_another_field_is_refused() -> None:
    with pytest.raises(SealBroken, match="打不开"):
        crypto.open_sealed(KEYS, crypto.seal(KEYS, NUMBER, FIELD), OTHER_FIELD)


def test_a_seal_of_a_missing_key_version_says_which() -> None:
    with pytest.raises(SealBroken, match="第 2 版密钥"):
        crypto.open_sealed(KEYS, crypto.seal(ROTATED, NUMBER, FIELD), FIELD)


def test_bytes_that_are_no_text_are_refused_as_text() -> None:
    with pytest.raises(SealBroken, match="不是文字"):
        crypto.open_sealed(KEYS, crypto.seal_bytes(KEYS, b"\xff\xfe", FIELD), FIELD)


def test_after_rotation_old_seals_open_and_new_ones_use_the_new_key() -> None:
    assert crypto.open_sealed(ROTATED, crypto.seal(KEYS, NUMBER, FIELD), FIELD) == NUMBER
    assert crypto.seal(ROTATED, NUMBER, FIELD)[1] == 2


def test_the_index_of_a_text_is_the_same_after_rotation_and_differs_by_field_and_text() -> None:
    index = crypto.blind_index(KEYS, NUMBER, FIELD)
    assert len(index) == 32
    assert index == crypto.blind_index(ROTATED, NUMBER, FIELD)
    assert index != crypto.blind_index(KEYS, NUMBER, OTHER_FIELD)
    assert index != crypto.blind_index(KEYS, NUMBER + "0", FIELD)
    assert index != crypto.blind_index(Keyring({1: FIRST}, 1, SECOND), NUMBER, FIELD)


def test_the_index_is_a_plain_hmac_of_length_field_and_text() -> None:
    message = b"\x00\x00\x00\x10" + FIELD.encode() + NUMBER.encode()
    assert crypto.blind_index(KEYS, NUMBER, FIELD) == hmac.digest(INDEX, message, sha256)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_no_two_pairs_of_field_and_text_share_an_index(a: str, b: str, c: str, d: str) -> None:
    same = crypto.blind_index(KEYS, a, b) == crypto.blind_index(KEYS, c, d)
    assert same == ((a, b) == (c, d))


def test_letters_cannot_wander_from_the_field_into_the_text() -> None:
    assert crypto.blind_index(KEYS, "bc", "a") != crypto.blind_index(KEYS, "c", "ab")


def test_a_key_file_is_read_with_comments_blank_lines_and_spaces() -> None:
    text = f"# 说明\n\n  {line('1', FIRST)}  # 旧\r\n{line('2', SECOND)}\n{line('index', INDEX)}\n"
    assert Keyring.parse(text) == ROTATED


def test_a_single_line_with_semicolons_is_read() -> None:
    assert Keyring.parse(";".join([line("2", SECOND), line("1", FIRST), line("index", INDEX)])) == ROTATED


def test_version_ten_is_above_version_nine() -> None:
    assert Keyring.parse("\n".join([line("10", FIRST), line("9", SECOND), line("index", INDEX)])).current == 10


def test_generated_keys_can_be_read_and_are_never_the_same() -> None:
    first, second = Keyring.parse(Keyring.generate()), Keyring.parse(Keyring.generate())
    assert first.current == 1
    assert len({first.versions[1], first.index_key, second.versions[1], second.index_key}) == 4


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "缺少“index:”"),
        (line("1", FIRST), "缺少“index:”"),
        (line("index", INDEX), "没有一行数据密钥"),
        ("密钥", "第 1 行：应写成"),
        ("\n1:不是", "第 2 行：密钥不是有效的 base64"),
        (line("1", FIRST[:31]), "第 1 行：密钥应为 32 个字节，实际 31 个"),
        (line("0", FIRST), "1 到 255 的整数"),
        (line("256", FIRST), "1 到 255 的整数"),
        (line("一", FIRST), "1 到 255 的整数"),
        (line("1", FIRST) + "\n" + line("01", SECOND), "第 2 行：“1:”重复出现"),
    ],
)
def test_a_wrongly_written_key_file_is_explained(text: str, sentence: str) -> None:
    with pytest.raises(KeyringUnusable, match=sentence):
        Keyring.parse(text)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Keyring({1: FIRST}, 2, INDEX),
        lambda: Keyring({1: FIRST[:16]}, 1, INDEX),
        lambda: Keyring({1: FIRST}, 1, b""),
        lambda: Keyring({300: FIRST}, 300, INDEX),
    ],
)
def test_a_keyring_that_could_not_seal_cannot_be_made(make: Callable[[], Keyring]) -> None:
    with pytest.raises(KeyringUnusable):
        make()


def test_keys_do_not_show_in_logs() -> None:
    assert repr(KEYS) == "Keyring(current=1)"
    secret = line("1", FIRST[:31])
    with pytest.raises(KeyringUnusable) as caught:
        Keyring.parse(secret)
    assert secret.partition(":")[2] not in str(caught.value)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(Keyring.generate())
    text = "\n".join([line("1", FIRST), line("index", INDEX)])
    assert crypto.load_keyring({"SANGYU_KEYS": text}, path) == KEYS


def test_the_file_serves_when_the_environment_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text("\n".join([line("1", FIRST), line("index", INDEX)]))
    assert crypto.load_keyring({"SANGYU_KEYS": " "}, path) == KEYS


def test_a_missing_file_tells_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(KeyringUnusable, match=r"没有找到密钥文件.*Keyring\.generate"):
        crypto.load_keyring({}, tmp_path / "keys")


def test_a_mistake_says_where_the_keys_came_from(tmp_path: Path) -> None:
    with pytest.raises(KeyringUnusable, match="环境变量 SANGYU_KEYS：第 1 行"):
        crypto.load_keyring({"SANGYU_KEYS": "x"}, tmp_path / "keys")
    (tmp_path / "keys").write_bytes(b"\xff\xff")
    with pytest.raises(KeyringUnusable, match="读不出来"):
        crypto.load_keyring({}, tmp_path / "keys")


def test_a_key_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "keys"
    crypto.ensure_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert crypto.load_keyring({}, path).current == 1
    assert os.listdir(path.parent) == ["keys"]


def test_an_existing_key_file_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text("旧")
    crypto.ensure_key_file(path)
    assert path.read_text() == "旧"


def test_many_who_start_together_get_the_same_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys"

    def start(_: int) -> bytes:
        crypto.ensure_key_file(path)
        return crypto.load_keyring({}, path).index_key

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(start, range(64)))) == 1
    assert os.listdir(tmp_path) == ["keys"]


def test_the_one_who_comes_second_keeps_the_first_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "keys"
    path.write_text("旧")
    monkeypatch.setattr(Path, "exists", lambda self: False)  # the other made it just after the look
    crypto.ensure_key_file(path)
    assert path.read_text() == "旧"
    assert os.listdir(tmp_path) == ["keys"]
