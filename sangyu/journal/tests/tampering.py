"""What an owner of the database can do to the journal who has every right and switches off every trigger.

Each way takes a random generator, changes one thing, and returns words of which one finding must have all.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection

from sangyu.journal.leaves import TEXT, Seal, leaf, seal_hash

Way = Callable[[random.Random], tuple[str, ...]]
FACT = 'insert into journal_fact (entry_id, organization_id, "on", metric, amount) values (%s, %s, %s, %s, %s)'
ENTRY = (
    "insert into journal_entry (id, at, door, verb, subject_kind, subject_id, detail) overriding system value "
    "values (%s, %s, 'console', 'test.stated', 900, %s, '{}')"
)


def asked(sql: str, *values: Any) -> list[Any]:
    """Rows of one statement; of rows with one column, that column."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall() if cursor.description else []
    return [row[0] if len(row) == 1 else row for row in rows]


def sealed(chance: random.Random) -> int:
    return int(chance.choice(asked("select unnest(ids) from journal_batch order by 1")))


def waiting(chance: random.Random) -> int:
    return int(chance.choice(asked("select entry_id from journal_unsealed order by 1")))


def sealed_fact(chance: random.Random) -> tuple[int, int]:
    """A fact of a sealed entry, and that entry."""
    rows = asked(
        "select id, entry_id from journal_fact where entry_id in (select unnest(ids) from journal_batch) order by 1"
    )
    return chance.choice(rows)  # type: ignore[no-any-return]


def batch(chance: random.Random) -> int:
    return int(chance.choice(asked("select n from journal_batch order by n")))


def free_number() -> int:
    """A number that a transaction took and rolled back: there are such in every journal."""
    return int(
        asked(
            "select i from generate_series(1, (select max(id) from journal_entry)) i "
            "where not exists (select from journal_entry where id = i) limit 1"
        )[0]
    )


def entry_changed(chance: random.Random) -> tuple[str, ...]:
    entry = sealed(chance)
    changes = [
        "actor_id = coalesce(actor_id, 0) + 1",
        "for_id = 99",
        "door = door || 'x'",
        "verb = verb || 'x'",
        "organization_id = coalesce(organization_id, 0) + 1",
        "subject_kind = 901",
        "subject_id = subject_id + 1000",
        "statement = coalesce(statement, 0) + 1000",
        "detail = '{\"a\": 1}'",
    ]
    asked(f"update journal_entry set {chance.choice(changes)} where id = %s", entry)
    return (f"记录 {entry} ", "被改动")


def entry_removed(chance: random.Random) -> tuple[str, ...]:
    entry = sealed(chance)
    if chance.random() < 0.5:
        asked("delete from journal_fact where entry_id = %s", entry)
    asked("delete from journal_entry where id = %s", entry)
    return (f"记录 {entry} ", "被删除")


def entry_numbered_anew(chance: random.Random) -> tuple[str, ...]:
    entry = sealed(chance)
    asked("update journal_entry set id = 100000 + id where id = %s", entry)
    return (f"记录 {entry} ", "被删除")


def entry_inserted(chance: random.Random) -> tuple[str, ...]:
    number = chance.choice([free_number(), 100_000])
    at = asked("select at from journal_entry order by id limit 1 offset %s", chance.randrange(20))[0]
    asked(ENTRY, number, at, chance.randrange(1, 9))
    return (f"记录 {number} ", "事后插入")


def entry_time_changed(chance: random.Random) -> tuple[str, ...]:
    entry = sealed(chance)
    asked("update journal_entry set at = at + %s where id = %s", timedelta(seconds=chance.randrange(1, 10**7)), entry)
    return (f"记录 {entry} ", "被改动")


def back_dated(chance: random.Random) -> tuple[str, ...]:
    """Written today with a day of before, and duly queued: in no seal's way, but out of order with its number."""
    at = asked("select max(at) - %s from journal_entry", timedelta(minutes=chance.randrange(6, 10**6)))[0]
    asked(ENTRY, 100_000, at, 5)
    asked("insert into journal_unsealed values (100000)")
    return ("记录 100000 ", "早于编号在它之前")


def back_dated_into_a_gap(chance: random.Random) -> tuple[str, ...]:
    """With the number and the time of long ago, and duly queued: too late for a transaction of that time."""
    number = free_number()
    at = asked("select max(at) from journal_entry where id < %s", number)[0]
    asked(ENTRY, number, at, 5)
    asked("insert into journal_unsealed values (%s)", number)
    return (f"记录 {number} ", "写的时间太早")


def fact_changed(chance: random.Random) -> tuple[str, ...]:
    fact, entry = sealed_fact(chance)
    changes = [
        "metric = metric + 1",
        "organization_id = organization_id + 1",
        "person_id = coalesce(person_id, 0) + 1",
        '"on" = "on" + 1',
        "amount = amount * 2",
        "retracts_id = case when retracts_id is null then 99999 end",
    ]
    asked(f"update journal_fact set {chance.choice(changes)} where id = %s", fact)
    return (f"记录 {entry} ", "被改动")


def fact_removed(chance: random.Random) -> tuple[str, ...]:
    fact, entry = sealed_fact(chance)
    asked("delete from journal_fact where id = %s", fact)
    return (f"记录 {entry} ", "被改动")


def fact_inserted(chance: random.Random) -> tuple[str, ...]:
    entry = sealed(chance)
    asked(FACT, entry, 10, "2026-11-05", 1, chance.choice([-1, 1, 500]))
    return (f"记录 {entry} ", "被改动")


def fact_moved(chance: random.Random) -> tuple[str, ...]:
    fact, entry = sealed_fact(chance)
    other = chance.choice(asked("select id from journal_entry where id <> %s order by id", entry))
    asked("update journal_fact set entry_id = %s where id = %s", other, fact)
    return (f"记录 {entry} ", "被改动")


def fact_without_entry(chance: random.Random) -> tuple[str, ...]:
    asked(FACT, 999_999, 10, "2026-11-05", 1, 1)
    return ("事实 ", "不属于任何记录")


def waiting_fact_taken_back_wrongly(chance: random.Random) -> tuple[str, ...]:
    """Among what no seal holds yet, retractions must still be equal to what they take back."""
    rows = asked(
        "select f.id from journal_fact f join journal_unsealed u on u.entry_id = f.entry_id "
        "where f.retracts_id is not null order by 1"
    )
    fact = chance.choice(rows)
    asked(f"update journal_fact set {chance.choice(['amount = amount - 1', 'metric = 9'])} where id = %s", fact)
    return (f"事实 {fact} ", "不相符")


def waiting_removed(chance: random.Random) -> tuple[str, ...]:
    entry = waiting(chance)
    asked("delete from journal_entry where id = %s", entry)
    return (f"记录 {entry} ", "被删除")


def queue_emptied(chance: random.Random) -> tuple[str, ...]:
    entry = waiting(chance)
    asked("delete from journal_unsealed")
    return (f"记录 {entry} ", "事后插入")


def queued_again(chance: random.Random) -> tuple[str, ...]:
    entry = sealed(chance)
    asked("insert into journal_unsealed values (%s)", entry)
    return (f"记录 {entry} ", "却又在等待封存")


def batch_changed(chance: random.Random) -> tuple[str, ...]:
    n = batch(chance)
    changes = [
        "ids = ids || 12345::bigint",
        "ids = ids[2:]",
        "leaves = leaves || '\\x00'",
        "hash = sha256(hash)",
        "form = form + 1",
        "form = 77",
        "at = at + interval '1 second'",
        "at = at - interval '1 year'",
    ]
    asked(f"update journal_batch set {chance.choice(changes)} where n = %s", n)
    return (f"封存批次 {n} ", "本身被改动")


def batch_hung_elsewhere(chance: random.Random) -> tuple[str, ...]:
    n = batch(chance)
    asked("update journal_batch set previous = sha256(previous) where n = %s", n)
    return (f"封存批次 {n} ", "没有接在前一批之后")


def batch_removed(chance: random.Random) -> tuple[str, ...]:
    n = chance.choice(asked("select n from journal_batch where n < (select max(n) from journal_batch) order by n"))
    asked("delete from journal_batch where n = %s", n)
    return (f"封存批次 {n} 到 {n} 不见了",)


def leaf_rewritten(chance: random.Random) -> tuple[str, ...]:
    """Entry and leaf changed together; the batch's own hash then no longer fits."""
    n = batch(chance)
    place = chance.randrange(asked("select cardinality(ids) from journal_batch where n = %s", n)[0])
    asked(
        "update journal_batch set leaves = overlay(leaves placing %s from %s) where n = %s",
        chance.randbytes(32), 32 * place + 1, n,
    )  # fmt: skip
    return (f"封存批次 {n} ", "本身被改动")


def last_batches_removed(chance: random.Random) -> tuple[str, ...]:
    """With everything in them, or with their entries put back to wait: the chain itself looks whole."""
    first = chance.choice(asked("select n from journal_batch order by n"))
    (ids,) = asked("select array_agg(i) from (select unnest(ids) i from journal_batch where n >= %s) x", first)
    asked("delete from journal_batch where n >= %s", first)
    if chance.random() < 0.5:
        asked("insert into journal_unsealed select unnest(%s::bigint[])", ids)
    else:
        asked("delete from journal_fact where entry_id = any(%s)", ids)
        asked("delete from journal_entry where id = any(%s)", ids)
    return ("封存记录比系统之外留存的少", f"只到第 {first - 1} 批")


def chain_rewritten(chance: random.Random) -> tuple[str, ...]:
    """An entry is changed and every seal from there on made anew, as well as we make them ourselves."""
    entry = sealed(chance)
    asked("update journal_entry set actor_id = coalesce(actor_id, 0) + 1 where id = %s", entry)
    (n,) = asked("select n from journal_batch where %s = any(ids)", entry)
    reseal(n)
    return (f"封存批次 {n} 和留存文件里的校验值不一样",)


def reseal(first: int, older_by: timedelta = timedelta()) -> None:
    """Write the chain anew from a batch on, with the leaves of today."""
    before = asked("select hash from journal_batch where n = %s", first - 1)
    previous = bytes(before[0]) if before else bytes(32)
    for n, form, ids, at in asked("select n, form, ids, at from journal_batch where n >= %s order by n", first):
        told = dict(asked(f"select e.id, {TEXT} from journal_entry e where e.id = any(%s)", ids))
        new = Seal(n, form, ids, b"".join(leaf(form, told[i]) for i in ids), previous, at - older_by)
        asked(
            "update journal_batch set leaves = %s, previous = %s, hash = %s, at = %s where n = %s",
            new.leaves, previous, seal_hash(new), new.at, n,
        )  # fmt: skip
        previous = seal_hash(new)


WAYS: list[Way] = [
    entry_changed, entry_removed, entry_numbered_anew, entry_inserted, entry_time_changed, back_dated,
    back_dated_into_a_gap, fact_changed, fact_removed, fact_inserted, fact_moved, fact_without_entry,
    waiting_fact_taken_back_wrongly, waiting_removed, queue_emptied, queued_again, batch_changed, batch_hung_elsewhere,
    batch_removed, leaf_rewritten, last_batches_removed, chain_rewritten,
]  # fmt: skip
