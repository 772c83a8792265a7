"""A machine in order, and what the doctor says of it, topic by topic."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sangyu.config import backup, environment, running
from sangyu.config.checkup import inside, outside
from sangyu.config.environment import OWNER
from tests.doctor.finding import Told
from tests.roles import connected_as


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where keys, notes and the memory of backups are in order."""
    keys = tmp_path / "keys"
    keys.mkdir()
    for name, text in (("personal-data.keys", environment.KEY_FILE.read_text()), ("secret.key", "x" * 50)):
        (keys / name).write_text(text)
        (keys / name).chmod(0o600)
    monkeypatch.setattr(environment, "KEY_FILE", keys / "personal-data.keys")
    monkeypatch.setattr(environment, "SECRET_KEY_FILE", keys / "secret.key")
    monkeypatch.setattr(running, "NOTES", tmp_path / "running")
    monkeypatch.setattr(backup, "NOTE", tmp_path / "backup.json")
    return tmp_path


@pytest.fixture
def alone(home: Path) -> Told:
    """What is said of a topic without looking into the database."""
    return lambda topic: [one for one in outside.findings() if one.topic == topic]


@pytest.fixture
def told(home: Path, own_database: str, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What is said of a topic of this test's own database."""
    monkeypatch.setenv("SANGYU_DB_NAME", own_database)
    return lambda topic: [one for one in inside.findings() if one.topic == topic]


@pytest.fixture
def owner(own_database: str) -> Iterator[psycopg.Connection[object]]:
    with connected_as(OWNER, own_database) as connected:
        yield connected
