"""`sangyu rotate-keys` as people type it: what it does, and what it says."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connections

from sangyu.__main__ import main
from sangyu.commands import rotate_keys
from sangyu.keys import rotation
from sangyu.kit import crypto
from sangyu.kit.crypto import SM3, SM4, Keyring, site_keys
from sangyu.kit.crypto.key_file import add_keys, changing
from sangyu.members.models import Organization
from sangyu.members.tests.cast import make_cast
from tests.database import clone, drop, use_database
from tests.keys.people import index_versions, register, told_numbers, versions

LATIN = re.compile(r"(?<![-\w./])[a-z]{3,}(?![-\w])")
Typed = Callable[..., str]


@pytest.fixture
def office(key_file: Path, db: None) -> Organization:
    office = make_cast().office
    register(office, 1)
    return office


@pytest.fixture
def typed(
    office: Organization, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> Typed:
    """What the command says when it is typed with these words, and must end with `expect`."""
    monkeypatch.setenv("SANGYU_DB_NAME", connections["default"].settings_dict["NAME"])
    monkeypatch.setenv("SANGYU_DB_ROLE", "app")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(rotation, "GRACE", 0.0)

    def typed(*words: str, expect: int = 0) -> str:
        capfd.readouterr()
        ended = main(["rotate-keys", *words])
        told = "".join(capfd.readouterr())
        assert ended == expect, told
        assert not set(LATIN.findall(told.replace(str(tmp_path), ""))) - {"sangyu"}, told
        return told

    return typed


def test_it_goes_over_to_the_national_algorithms_and_takes_the_old_keys_out(typed: Typed, key_file: Path) -> None:
    told_before = told_numbers()
    told = typed("--cipher", "SM4", "--index")
    assert "第 2 版数据密钥（SM4）、第 2 版查找密钥（SM3）" in told and "--retire" in told
    assert (versions(), index_versions()) == ({2}, {2})
    keys = crypto.keyring()
    assert (keys.versions[2].cipher, keys.indexes[2].hash) == (SM4, SM3)
    told = typed("--retire")
    assert "旧密钥已撤下" in told and "离线" in told
    assert told_numbers() == told_before
    assert len(key_file.read_text().split("2:sm4:")) == 2 and "\n1:" not in key_file.read_text()


def test_run_twice_it_says_so_and_changes_nothing(typed: Typed, key_file: Path) -> None:
    typed()
    written = key_file.read_text()
    assert "重新加密了 0 项" in typed()
    assert key_file.read_text() == written


def test_it_shows_which_keys_are_needed_and_changes_nothing(typed: Typed, key_file: Path) -> None:
    written = key_file.read_text()
    told = typed("--count")
    assert re.search(r"人员的身份证号\s*│\s*加密\s*│\s*第 1 版\s*│\s*AES-256\s*│\s*1 ", told), told
    assert re.search(r"人员的身份证号\s*│\s*查找\s*│\s*第 1 版\s*│\s*SHA-256\s*│\s*1 ", told), told
    assert key_file.read_text() == written


def test_old_keys_that_are_needed_are_not_taken_out_and_it_says_for_what(typed: Typed, key_file: Path) -> None:
    add_keys(key_file, SM4, "")
    told = typed("--retire", expect=2)
    assert "旧密钥不能撤下" in told and "人员的电话" in told
    assert len(crypto.keyring().versions) == 2


@pytest.fixture
def two_databases(own_database: str, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """Own and sample data on one server, sealed with one key file."""
    sample = f"{own_database}_sample"
    register(make_cast().office, 1)
    connections.close_all()
    clone(sample, template=own_database)
    monkeypatch.setattr(rotate_keys, "OWN_DATABASE", own_database)
    monkeypatch.setattr(rotate_keys, "DEMO_DATABASE", sample)
    yield own_database, sample
    connections.close_all()
    for name in (own_database, sample):
        connections.settings.pop(name, None)
    drop(sample)


def test_another_database_with_the_same_key_file_is_asked_too(
    two_databases: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    own, sample = two_databases
    monkeypatch.setattr(rotation, "GRACE", 0.0)
    monkeypatch.setenv("SANGYU_DB_ROLE", "app")
    monkeypatch.setenv("SANGYU_DB_NAME", own)
    assert main(["rotate-keys"]) == 0
    assert main(["rotate-keys", "--retire"]) == 2
    assert f"另一个数据库“{sample}”" in capfd.readouterr().err
    assert len(crypto.keyring().versions) == 2
    use_database(sample)
    monkeypatch.setenv("SANGYU_DB_NAME", sample)
    assert main(["rotate-keys"]) == 0
    assert "接着上一次" in capfd.readouterr().out
    assert main(["rotate-keys", "--retire"]) == 0
    assert told_numbers()
    use_database(own)
    assert told_numbers()


def test_without_old_keys_there_is_nothing_to_take_out(typed: Typed) -> None:
    assert "什么都没有改变" in typed("--retire")


def test_keys_in_the_environment_are_not_changed_but_told_how(
    typed: Typed, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = key_file.read_text()
    monkeypatch.setenv("SANGYU_KEYS", written)
    for words in ((), ("--retire",)):
        told = typed(*words, expect=2)
        assert "环境变量 SANGYU_KEYS" in told and str(key_file.name) in told
    assert key_file.read_text() == written


def test_the_wrong_keys_are_told_before_anything_changes(typed: Typed, key_file: Path) -> None:
    key_file.write_text(Keyring.generate())
    assert "打不开数据库里已有的内容" in typed(expect=2)
    assert versions() == {1}


def test_a_broken_key_file_is_told_with_its_line(typed: Typed, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key_file.write_text("1:x")
    monkeypatch.setattr(site_keys, "SITE", site_keys.SiteKeys())
    assert "第 1 行" in typed(expect=2)


def test_two_commands_at_once_do_not_mix(typed: Typed, key_file: Path) -> None:
    with changing(key_file):
        assert "另一个更换密钥的命令正在运行" in typed(expect=2)
    assert len(crypto.keyring().versions) == 1


def test_another_cipher_in_the_middle_is_refused_in_words(typed: Typed) -> None:
    typed()
    assert "先撤下旧密钥" in typed("--cipher", "sm4", expect=2)
