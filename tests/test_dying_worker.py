"""A worker killed at any moment, a connection cut, a backup taken while something waits: nothing is lost or doubled."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
from django.db import connections

from sangyu.config import backup, database
from sangyu.journal.declare import Source
from sangyu.journal.models import Delta
from sangyu.members.models import Organization
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.tallies import queries
from sangyu.tallies.actions import fold
from sangyu.tallies.tests.factories import COUNT, READER, WORKER, kind_of_record, one, state
from sangyu.tallies.verify import findings
from tests.database import _root, drop, use_database
from tests.roles import connected_as, working_as

YEAR = (date(2024, 1, 1), date(2025, 1, 1))
CUT = """select pg_terminate_backend(pid) from pg_stat_activity
          where usename = 'sangyu_worker' and datname = current_database()"""
# Without a pause, in small bites: whenever it is killed, it is in the middle of one.
FOLDING = """
import django; django.setup()
from sangyu.tallies.actions import fold
from sangyu.tallies.tests.factories import WORKER
print("ready", flush=True)
while True: fold(WORKER, 7)
"""


def folding(name: str) -> subprocess.Popen[str]:
    given = {"SANGYU_DB_NAME": name, "SANGYU_DB_ROLE": "worker", "DJANGO_SETTINGS_MODULE": "sangyu.config.settings"}
    started = subprocess.Popen(
        [sys.executable, "-c", FOLDING],
        env={**os.environ, **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None and started.stdout.readline() == "ready\n"
    return started


def hold_equal(organizations: list[Organization]) -> None:
    """No snapshot is needed: nobody writes, and folding changes no figure."""
    for place in organizations:
        assert queries.figure(READER, COUNT, place, *YEAR) == queries.plain_figure(READER, COUNT, place, *YEAR)


def tell(source: Source, cast: Cast, r: Random, many: int) -> None:
    for _ in range(many):
        place = r.choice([cast.office, cast.branch, cast.neighbour])
        state(source, r.randint(1, 50), one(place, date(2024, r.randint(1, 12), r.randint(1, 28)), r.randint(1, 9)))


@pytest.mark.slow
@pytest.mark.parametrize("cut", ["process", "connection"])
def test_a_worker_killed_at_any_moment_loses_and_doubles_nothing(own_database: str, source: Source, cut: str) -> None:
    cast, r = make_cast(), Random(3)
    with connected_as("sangyu_owner", own_database) as owner:
        for _ in range(3):
            worker = folding(own_database)
            writing = threading.Thread(target=lambda: (tell(source, cast, r, 150), connections.close_all()))
            writing.start()
            time.sleep(r.random() * 0.4)
            if cut == "process":
                worker.send_signal(signal.SIGKILL)
            else:
                owner.execute(CUT)  # in this database alone: other tests have workers of their own
            worker.communicate(timeout=20)
            assert worker.returncode != 0
            writing.join()
            hold_equal([cast.office, cast.branch, cast.neighbour])
    with working_as("sangyu_worker"):
        while fold(WORKER, 7):
            pass
    assert not Delta.objects.exists() and list(findings()) == []
    hold_equal([cast.office, cast.branch, cast.neighbour])


@pytest.fixture
def source() -> Iterator[Source]:
    with kind_of_record() as kind:
        yield kind


@pytest.fixture
def elsewhere(own_database: str) -> Iterator[str]:
    """An empty database to restore into."""
    name = f"{own_database}_back"
    drop(name)
    with _root() as root:
        database.make_database(root, name)
    yield name
    use_database(own_database)
    drop(name)


def test_a_backup_taken_while_something_waits_comes_back_with_it(
    own_database: str, elsewhere: str, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, r = make_cast(), Random(5)
    tell(source, cast, r, 20)
    with working_as("sangyu_worker"):
        fold(WORKER, 15)
    tell(source, cast, r, 5)
    waiting = Delta.objects.count()
    before = [queries.figure(READER, COUNT, place, *YEAR) for place in (cast.office, cast.branch, cast.neighbour)]
    assert waiting and all(before)

    monkeypatch.setenv("SANGYU_DB_NAME", own_database)
    backup.write(tmp_path / "今天.dump")
    monkeypatch.setenv("SANGYU_DB_NAME", elsewhere)
    backup.read(tmp_path / "今天.dump")
    use_database(elsewhere)

    assert Delta.objects.count() == waiting
    assert [queries.figure(READER, COUNT, p, *YEAR) for p in (cast.office, cast.branch, cast.neighbour)] == before
    tell(source, cast, r, 5)
    assert Delta.objects.count() > waiting
    with working_as("sangyu_worker"):
        while fold(WORKER, 4):
            hold_equal([cast.office, cast.branch])
    assert list(findings()) == []
