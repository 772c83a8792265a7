"""Verifying: whoever has every right over the database and changes the past is found out, by name."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from sangyu.journal.actions import seal
from sangyu.journal.declare import Source
from sangyu.journal.models import Entry
from sangyu.journal.models import Fact as FactRow
from sangyu.journal.tests.factories import RECORDS, WORKER, fact, state
from sangyu.journal.verify import findings
from tests.roles import connected_as, working_as

Connection = psycopg.Connection[Any]


@pytest.fixture
def owner(own_database: str, source: Source) -> Iterator[Connection]:
    """Nine statements of four records, six of them sealed in three batches, one of them taking something back."""
    for subject in (1, 2, 3):
        state(source, subject, fact(person_id=subject))
    state(source, 1)
    state(source, 2, fact(person_id=2), fact(metric=2))
    state(source, 3, fact(person_id=3))
    with working_as("sangyu_worker"):
        assert [seal(WORKER, 2) for _ in range(3)] == [2, 2, 2]
    for subject in (4, 4, 4):
        state(source, subject, fact(person_id=4))
    assert list(findings()) == []
    with connected_as("sangyu_owner", own_database) as connection:
        yield connection


def entry_of(subject: int, statement: int = 1) -> int:
    return Entry.objects.get(subject_id=subject, statement=statement).pk


def fact_of(subject: int) -> int:
    return FactRow.objects.get(entry__subject_id=subject, entry__statement=1).pk


@pytest.mark.parametrize(
    "change",
    [
        "actor_id = 99",
        "for_id = 99",
        "door = 'portal'",
        "verb = 'other'",
        "organization_id = 11",
        "subject_kind = 901",
        "at = at - interval '1 day'",
        "detail = '{\"a\": 1}'",
        "statement = 99",
    ],
)
def test_a_changed_entry_is_named(owner: Connection, change: str) -> None:
    changed = entry_of(1, 2)
    owner.execute(f"update journal_entry set {change} where id = %s", [changed])
    assert f"记录 {changed} 或它的事实被改动" in list(findings())


@pytest.mark.parametrize(
    "change",
    [
        "metric = 3",
        "organization_id = 11",
        "person_id = 99",
        "person_id = null",
        '"on" = "on" - 30',
        "amount = 2",
    ],
)
def test_a_changed_fact_is_named(owner: Connection, change: str) -> None:
    changed = entry_of(3)
    owner.execute(f"update journal_fact set {change} where entry_id = %s", [changed])
    found = list(findings())
    assert f"记录 {changed} 或它的事实被改动" in found
    assert "样张 3 的记录与它的事实对不上" in found


def test_a_removed_entry_is_named(owner: Connection) -> None:
    removed = entry_of(3, 2)
    owner.execute("delete from journal_entry where id = %s", [removed])
    assert list(findings()) == [f"记录 {removed} 被删除"]


def test_a_removed_entry_that_still_waited_is_named(owner: Connection) -> None:
    removed = entry_of(4, 2)
    owner.execute("delete from journal_entry where id = %s", [removed])
    assert list(findings()) == [f"记录 {removed} 被删除：它还在等待封存"]
    with working_as("sangyu_worker"):
        assert seal(WORKER) == 2
    assert list(findings()) == [f"记录 {removed} 被删除：它还在等待封存"]


def test_a_removed_fact_is_named(owner: Connection) -> None:
    entry = entry_of(3)
    owner.execute("delete from journal_fact where entry_id = %s", [entry])
    found = list(findings())
    assert f"记录 {entry} 或它的事实被改动" in found
    assert "样张 3 的记录与它的事实对不上" in found


def test_a_removed_fact_that_still_waited_is_found_by_telling_the_record_anew(owner: Connection) -> None:
    owner.execute("delete from journal_fact where entry_id = %s", [entry_of(4)])
    assert list(findings()) == ["样张 4 的记录与它的事实对不上"]


def test_an_inserted_entry_is_named_whatever_day_it_claims(owner: Connection) -> None:
    owner.execute("alter table journal_entry disable trigger entry_waits")
    (inserted,) = owner.execute(
        "insert into journal_entry (at, door, verb, subject_kind, subject_id, detail) "
        "values ('2019-03-01', 'console', 'test.stated', 900, 77, '{}') returning id"
    ).fetchone() or (0,)
    assert list(findings()) == [
        f"记录 {inserted} 的时间早于编号在它之前的记录：可能是事后补写的",
        f"记录 {inserted} 是事后插入的：既不在任何封存批次里，也不在等待封存",
    ]


def test_an_entry_slipped_into_a_gap_of_numbers_is_named(owner: Connection) -> None:
    removed = entry_of(3, 2)
    owner.execute("alter table journal_entry disable trigger entry_waits")
    owner.execute("delete from journal_entry where id = %s", [removed])
    owner.execute(
        "insert into journal_entry (id, door, verb, subject_kind, subject_id, detail) "
        "values (%s, 'x', 'y', 900, 3, '{}')",
        [removed],
    )
    assert f"记录 {removed} 或它的事实被改动" in list(findings())


def test_an_inserted_fact_is_named(owner: Connection) -> None:
    owner.execute("alter table journal_fact disable trigger facts_fit")
    entry = entry_of(3)
    owner.execute(
        'insert into journal_fact (entry_id, organization_id, "on", metric, amount) '
        "values (%s, 10, '2026-11-05', 1, 1)",
        [entry],
    )
    found = list(findings())
    assert f"记录 {entry} 或它的事实被改动" in found
    assert "样张 3 的记录与它的事实对不上" in found


def test_a_fact_without_entry_is_named(owner: Connection) -> None:
    owner.execute("alter table journal_fact disable trigger facts_fit")
    (inserted,) = owner.execute(
        'insert into journal_fact (entry_id, organization_id, "on", metric, amount) '
        "values (999999, 10, '2026-11-05', 1, 1) returning id"
    ).fetchone() or (0,)
    assert list(findings()) == [f"事实 {inserted} 不属于任何记录"]


def test_a_retraction_that_takes_back_something_else_is_named(owner: Connection) -> None:
    taken, back = fact_of(1), FactRow.objects.get(retracts__isnull=False).pk
    owner.execute("update journal_fact set amount = -2 where id = %s", [back])
    assert f"事实 {back} 的撤回与原事实 {taken} 不相符" in list(findings())


@pytest.mark.parametrize(
    "change",
    [
        "ids = ids || 12345",
        "leaves = leaves || '\\x00'",
        "hash = sha256('x')",
        "ids = ids[1:1], leaves = substr(leaves, 1, 32)",
    ],
)
def test_a_changed_batch_is_named(owner: Connection, change: str) -> None:
    owner.execute(f"update journal_batch set {change} where n = 2")
    assert "封存批次 2 本身被改动" in list(findings())


def test_a_batch_hung_elsewhere_is_named(owner: Connection) -> None:
    owner.execute("update journal_batch set previous = sha256('x') where n = 2")
    assert "封存批次 2 没有接在前一批之后" in list(findings())


def test_a_removed_batch_is_named(owner: Connection) -> None:
    owner.execute("delete from journal_batch where n = 2")
    found = list(findings())
    assert "封存批次 2 到 2 不见了" in found
    assert "封存批次 3 没有接在前一批之后" in found


def test_when_the_last_batch_is_removed_its_entries_are_named(owner: Connection) -> None:
    (ids,) = owner.execute("delete from journal_batch where n = 3 returning ids").fetchone() or ([],)
    found = list(findings())
    assert found and all(any(f"记录 {i} 是事后插入的" in sentence for sentence in found) for i in ids)


def test_an_entry_sealed_twice_is_named(owner: Connection) -> None:
    twice = entry_of(1)
    owner.execute("update journal_batch set ids = ids || %s::bigint where n = 3", [twice])
    assert f"记录 {twice} 出现在两个封存批次里" in list(findings())


def test_a_record_changed_behind_the_journal_s_back_is_named(owner: Connection) -> None:
    RECORDS[2] = [fact(person_id=2)]
    assert list(findings()) == ["样张 2 的记录与它的事实对不上"]


def test_a_record_that_never_stated_anything_is_named(owner: Connection) -> None:
    RECORDS[55] = [fact(person_id=5)]
    assert list(findings()) == ["样张 55 的记录与它的事实对不上"]


def test_it_tells_how_far_it_has_come(owner: Connection) -> None:
    steps: list[int] = []
    list(findings(steps.append))
    assert sum(steps) == 6 + 4  # six sealed entries, four records
