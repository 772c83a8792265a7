"""A thousand random tamperings by the owner of the database, and each is found by what it was done to."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from sangyu.journal import heads
from sangyu.journal.actions import record, seal
from sangyu.journal.declare import Source
from sangyu.journal.tests.factories import SOMEBODY, WORKER, fact, state
from sangyu.journal.tests.tampering import WAYS, Way, asked, reseal
from sangyu.journal.verify import findings
from tests.roles import working_as

TIMES = 1000
DAYS = timedelta(days=40)


@pytest.fixture
def owner(own_database: str, source: Source, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Batches of both hashes, those of forty days ago and one of today; some entries that wait; heads are kept."""
    settings.HEADS_FILE = tmp_path / "journal.heads"
    for round_ in range(5):
        settings.SEAL_HASH = "sm3" if round_ in (2, 3) else "sha256"
        _record_some(source, round_)
        _seal_all()
    with working_as("sangyu_owner"):
        asked("update journal_entry set at = at - %s", DAYS)
        reseal(1, older_by=DAYS)
    settings.SEAL_HASH = "sm3"
    _record_some(source, 5)
    _seal_all()
    heads.keep()
    _record_some(source, 6)
    with working_as("sangyu_owner"):
        assert list(findings()) == []
        asked("alter table journal_entry disable trigger user")
        asked("alter table journal_fact disable trigger user")
        yield
        assert list(findings()) == []


def _seal_all() -> None:
    with working_as("sangyu_worker"):
        while seal(WORKER, 5):
            pass


def _record_some(source: Source, round_: int) -> None:
    for subject in range(1, 4):
        state(source, subject, fact(person_id=round_), *[fact(metric=2, amount=subject)] * (round_ % 3))
    record(SOMEBODY, "test.looked", (source, 1), fields=["地点"])
    with transaction.atomic():  # a number that nobody keeps
        record(SOMEBODY, "test.looked", (source, 1))
        transaction.set_rollback(True)


@pytest.mark.slow
def test_a_thousand_random_tamperings_are_all_found(owner: None) -> None:
    chance = random.Random(20261121)
    ways: list[Way] = [*WAYS, *chance.choices(WAYS, k=TIMES - len(WAYS))]
    missed = [f"{n} {way.__name__}: {said}" for n, way in enumerate(ways) if (said := _missed(way, chance))]
    assert missed == []


def _missed(way: Way, chance: random.Random) -> str:
    """What should have been found and was not; nothing, when it was."""
    with transaction.atomic():
        words = way(chance)
        found = list(findings())
        transaction.set_rollback(True)
    return "" if any(all(word in sentence for word in words) for sentence in found) else f"{words} not in {found}"
