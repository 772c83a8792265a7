"""A running process sees changed keys at once, and goes on with the last good ones when the file is broken."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from sangyu.kit import crypto
from sangyu.kit.crypto import SM4, Keyring, KeyringUnusable
from sangyu.kit.crypto.key_file import add_keys, remove_old_keys

FIELD = "person.phone"
HOUR = 3600 * 10**9


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The site's key file, made an hour ago."""
    monkeypatch.delenv("SANGYU_KEYS", raising=False)
    path = tmp_path / "keys"
    crypto.ensure_key_file(path)
    monkeypatch.setattr(settings, "KEY_FILE", path)
    long_ago(path)
    return path


def long_ago(path: Path) -> None:
    changed = path.stat().st_mtime_ns - HOUR
    os.utime(path, ns=(changed, changed))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One item for each time that keys are read from a text."""
    seen: list[str] = []
    parse = Keyring.parse

    def counted(text: str) -> Keyring:
        seen.append(text)
        return parse(text)

    monkeypatch.setattr(Keyring, "parse", counted)
    return seen


def test_an_unchanged_file_is_read_once(path: Path, reads: list[str]) -> None:
    for _ in range(100):
        assert crypto.keyring().current == 1
    assert len(reads) == 1


def test_a_key_that_is_added_is_seen_at_once(path: Path) -> None:
    assert crypto.keyring().current == 1
    add_keys(path, SM4, "")
    assert crypto.keyring().current == 2


def test_changes_within_one_tick_of_the_clock_are_all_seen(path: Path) -> None:
    for version in range(2, 30):
        add_keys(path, SM4, "")
        assert crypto.keyring().current == version


def test_a_file_rewritten_within_the_tick_with_the_same_size_is_seen(path: Path) -> None:
    changed = path.stat().st_mtime_ns + HOUR
    for key in "AB":
        path.write_text("1:" + key * 43 + "=\nindex:" + "C" * 43 + "=")
        os.utime(path, ns=(changed, changed))
        assert crypto.keyring().versions[1].secret[0] == "AB".index(key) * 4


def broken_half(path: Path) -> None:
    path.write_text(path.read_text()[:-60])


def broken_empty(path: Path) -> None:
    path.write_text("")


def broken_gone(path: Path) -> None:
    path.unlink()


def broken_a_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("breaking", [broken_half, broken_empty, broken_gone, broken_a_directory])
def test_a_file_that_breaks_is_told_once_and_the_last_good_keys_serve(
    path: Path, caplog: pytest.LogCaptureFixture, breaking: Callable[[Path], None]
) -> None:
    sealed = crypto.seal(crypto.keyring(), "13900000000", FIELD)
    breaking(path)
    for _ in range(5):
        assert crypto.open_sealed(crypto.keyring(), sealed, FIELD) == "13900000000"
    (record,) = caplog.records
    assert str(path) in record.message and "继续使用原来的密钥" in record.message


def test_a_file_that_is_mended_serves_again(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    good = path.read_text()
    crypto.keyring()
    broken_half(path)
    crypto.keyring()
    path.write_text(good)
    add_keys(path, SM4, "")
    assert crypto.keyring().current == 2
    broken_empty(path)
    assert crypto.keyring().current == 2
    assert len(caplog.records) == 2


def test_a_process_that_starts_with_a_broken_file_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crypto.keyring()
    monkeypatch.setattr(settings, "KEY_FILE", path.with_name("other"))
    with pytest.raises(KeyringUnusable, match="没有找到密钥文件"):
        crypto.keyring()


def test_keys_held_on_to_while_they_change_open_what_the_new_ones_sealed(path: Path) -> None:
    held = crypto.keyring()
    add_keys(path, SM4, "")
    sealed = crypto.seal(crypto.keyring(), "13900000000", FIELD)
    remove_old_keys(path)
    assert held.current == 1
    assert crypto.open_sealed(held, sealed, FIELD) == "13900000000"


def test_the_environment_wins_while_it_is_set(path: Path, monkeypatch: pytest.MonkeyPatch, reads: list[str]) -> None:
    crypto.keyring()
    monkeypatch.setenv("SANGYU_KEYS", Keyring.generate().replace("1:", "7:", 1))
    assert {crypto.keyring().current for _ in range(9)} == {7}
    monkeypatch.delenv("SANGYU_KEYS")
    assert crypto.keyring().current == 1
    assert len(reads) == 3
