"""What is kept of the seals outside the database, and what it tells when the database was put back or rewritten."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sangyu.journal import heads
from sangyu.journal.actions import seal
from sangyu.journal.declare import Source
from sangyu.journal.heads import Head
from sangyu.journal.models import Batch, Unsealed
from sangyu.journal.tasks import seal_all
from sangyu.journal.tests.factories import WORKER, fact, state
from sangyu.journal.tests.tampering import asked, reseal
from sangyu.journal.verify import findings
from tests.roles import working_as


@pytest.fixture
def kept(own_database: str, source: Source, settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Three batches, sealed as the worker does it."""
    settings.HEADS_FILE = tmp_path / "elsewhere" / "journal.heads"
    for subject in range(3):
        _seal_one(source, subject)
    yield settings.HEADS_FILE


def _seal_one(source: Source, subject: int) -> None:
    state(source, subject, fact(person_id=subject))
    with working_as("sangyu_worker"):
        seal_all(WORKER)


def _as_owner(*statements: str) -> None:
    with working_as("sangyu_owner"):
        for statement in statements:
            asked(statement)


def test_each_batch_leaves_a_line_with_number_hash_time_and_form(kept: Path) -> None:
    lines = [line.split() for line in kept.read_text().splitlines()]
    batches = Batch.objects.order_by("n")
    assert [(int(n), digest, int(form)) for n, digest, _, form in lines] == [
        (batch.n, bytes(batch.hash).hex(), batch.form) for batch in batches
    ]
    assert all("T" in time and time[-6] in "+-" for _, _, time, _ in lines)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert list(findings()) == []


def test_what_is_there_is_not_written_again(kept: Path) -> None:
    before = kept.read_text()
    with working_as("sangyu_worker"):
        seal_all(WORKER)
    heads.keep()
    assert kept.read_text() == before


def test_a_place_that_cannot_be_written_stops_no_sealing_and_is_caught_up_later(
    kept: Path, source: Source, settings: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.HEADS_FILE = tmp_path / "file" / "journal.heads"
    with caplog.at_level(logging.ERROR):
        _seal_one(source, 7)
        _seal_one(source, 8)
    assert Batch.objects.count() == 5 and not Unsealed.objects.exists()
    assert all("封存校验值没有写进" in line.getMessage() for line in caplog.records) and caplog.records
    settings.HEADS_FILE = kept
    _seal_one(source, 9)
    assert [int(line.split()[0]) for line in kept.read_text().splitlines()] == [1, 2, 3, 4, 5, 6]
    assert list(findings()) == []


def test_a_line_that_broke_off_is_told_and_the_next_stands_on_its_own(kept: Path, source: Source) -> None:
    kept.write_text(kept.read_text()[:-50])
    heads.keep()
    assert [int(line.split()[0]) for line in kept.read_text().splitlines()] == [1, 2, 3, 3]
    assert list(findings()) == [f"留存文件 {kept} 的第 3 行读不出来，没有比对。"]


def test_an_older_state_of_the_database_is_told_with_what_to_do(kept: Path) -> None:
    _as_owner(
        "delete from journal_fact where entry_id in (select unnest(ids) from journal_batch where n > 1)",
        "delete from journal_entry where id in (select unnest(ids) from journal_batch where n > 1)",
        "delete from journal_batch where n > 1",
    )
    found = [sentence for sentence in findings() if "样张" not in sentence]
    assert len(found) == 1
    assert found[0].startswith("封存记录比系统之外留存的少：留存到第 3 批，数据库里只到第 1 批。如果确实从备份恢复过")


def test_work_that_goes_on_after_an_older_state_still_differs(kept: Path, source: Source) -> None:
    _as_owner("delete from journal_batch where n = 3", "insert into journal_unsealed select max(id) from journal_entry")
    with working_as("sangyu_worker"):
        seal(WORKER)
    _seal_one(source, 8)
    found = list(findings())
    assert len(found) == 1 and found[0].startswith("封存批次 3 和留存文件里的校验值不一样")


def test_after_a_restore_the_old_file_is_put_aside_and_a_new_one_begins(kept: Path, source: Source) -> None:
    _as_owner("delete from journal_batch where n = 3", "insert into journal_unsealed select max(id) from journal_entry")
    kept.rename(kept.with_suffix(".2026-11-21"))
    with working_as("sangyu_worker"):
        seal_all(WORKER)
    assert len(kept.read_text().splitlines()) == 3
    assert list(findings()) == []


def test_a_head_from_a_printed_page_is_compared(kept: Path) -> None:
    second = Head(2, bytes(Batch.objects.get(n=2).hash).hex())
    kept.unlink()
    assert list(findings(told=[second])) == []
    assert "您抄存的校验值不一样" in next(findings(told=[Head(2, "00" * 32)]))
    assert next(findings(told=[Head(9, second.hash)])) == (
        "封存记录比您抄存的少：抄存的是第 9 批，数据库里只到第 3 批。"
    )
    with working_as("sangyu_owner"):
        asked("update journal_entry set actor_id = 99 where id = (select max(id) from journal_entry)")
        reseal(3)
        assert list(findings()) == []  # without a head nobody can see it
        reseal(1)
    assert list(findings(told=[second])) == []
    assert "您抄存的" in "".join(findings(told=[Head(3, second.hash)]))
