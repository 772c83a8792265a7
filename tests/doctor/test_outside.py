"""What is told without looking into the database: Python, disk, backups, keys, addresses. Each is broken on purpose."""

import json
import sys
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sangyu.config import backup, environment
from sangyu.config.checkup import machine
from sangyu.kit.crypto import Keyring
from tests.doctor.finding import FINE, MUST, NOTICE, Grades, Told, grades


@pytest.mark.parametrize("oldest, expected", [((3, 11), FINE), ((4, 0), MUST)])
def test_python(alone: Told, monkeypatch: pytest.MonkeyPatch, oldest: tuple[int, int], expected: Grades) -> None:
    monkeypatch.setattr(machine, "OLDEST", oldest)
    assert grades(alone("python")) == expected


@pytest.mark.parametrize("full, tight, expected", [(0, 0, FINE), (0, 1 << 60, NOTICE), (1 << 60, 1 << 60, MUST)])
def test_a_full_disk(alone: Told, monkeypatch: pytest.MonkeyPatch, full: int, tight: int, expected: Grades) -> None:
    monkeypatch.setattr(machine, "FULL", full)
    monkeypatch.setattr(machine, "TIGHT", tight)
    assert grades(alone("disk")) == expected


def test_missing_time_zones(alone: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    assert grades(alone("zone")) == FINE
    before = zoneinfo.TZPATH
    monkeypatch.setitem(sys.modules, "tzdata", None)
    monkeypatch.setitem(sys.modules, "tzdata.zoneinfo", None)
    monkeypatch.setitem(sys.modules, "tzdata.zoneinfo.Asia", None)
    try:
        zoneinfo.reset_tzpath(to=[])
        zoneinfo.ZoneInfo.clear_cache()
        assert "tzdata" in alone("zone")[0].said and grades(alone("zone")) == MUST
    finally:
        zoneinfo.reset_tzpath(to=before)
        zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.parametrize("days, expected", [(None, NOTICE), (1, FINE), (30, NOTICE)])
def test_backups(alone: Told, days: int | None, expected: Grades) -> None:
    if days is not None:
        backup.NOTE.write_text(json.dumps({"at": (datetime.now(UTC) - timedelta(days=days)).isoformat()}))
    assert grades(alone("backup")) == expected


def test_keys_in_order(alone: Told) -> None:
    assert grades(alone("key_file")) == grades(alone("secret_key")) == FINE


def test_a_missing_key_file(alone: Told) -> None:
    environment.KEY_FILE.unlink()
    assert "没有找到密钥文件" in alone("key_file")[0].said and grades(alone("key_file")) == MUST


def test_a_key_file_without_sense(alone: Told) -> None:
    environment.KEY_FILE.write_text("1:abc\n")
    assert "第 1 行" in alone("key_file")[0].said and grades(alone("key_file")) == MUST


@pytest.mark.parametrize("topic, file", [("key_file", "personal-data.keys"), ("secret_key", "secret.key")])
def test_keys_that_others_can_read(alone: Told, home: Path, topic: str, file: str) -> None:
    (home / "keys" / file).chmod(0o644)
    assert "chmod 600" in alone(topic)[0].said and grades(alone(topic)) == MUST


def test_keys_by_the_environment(alone: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.KEY_FILE.unlink()
    monkeypatch.setenv("SANGYU_KEYS", Keyring.generate())
    assert "环境变量" in alone("key_file")[0].said and grades(alone("key_file")) == FINE


def test_the_secret_key(alone: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.SECRET_KEY_FILE.unlink()
    assert grades(alone("secret_key")) == NOTICE
    monkeypatch.setenv("SANGYU_SECRET_KEY", "short")
    assert grades(alone("secret_key")) == MUST
    assert not environment.SECRET_KEY_FILE.exists()


def test_an_address_that_cannot_be_read_is_told_without_its_password(
    alone: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres:/me:hush-hush@host/x")
    assert grades(alone("address")) == MUST
    assert "DATABASE_URL" in alone("address")[0].said and "hush" not in alone("address")[0].said


def test_a_setting_that_cannot_be_read(alone: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANGYU_SEAL_HASH", "md5")
    assert "SANGYU_SEAL_HASH" in alone("address")[0].said and grades(alone("address")) == MUST
