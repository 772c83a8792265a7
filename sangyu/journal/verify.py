"""Is what is stored what was recorded? Every finding is one Chinese sentence that says which."""

from collections import Counter
from collections.abc import Callable, Iterator

from django.db import connection, transaction

from sangyu.journal.declare import SOURCES, Fact, Source
from sangyu.journal.leaves import LEAF, batch_hash

BITE = 500  # records restated at once

ORPHANS = """
select '记录 ' || e.id || ' 是事后插入的：既不在任何封存批次里，也不在等待封存' from journal_entry e
  left join (select unnest(ids) id from journal_batch) s on s.id = e.id
  left join journal_unsealed u on u.entry_id = e.id where s.id is null and u.entry_id is null
union all
select '记录 ' || id || ' 出现在两个封存批次里' from (select unnest(ids) id from journal_batch) s
 group by id having count(*) > 1
union all
select '记录 ' || u.entry_id || ' 被删除：它还在等待封存' from journal_unsealed u
 where not exists (select from journal_entry e where e.id = u.entry_id)
union all
select '事实 ' || f.id || ' 不属于任何记录' from journal_fact f
 where not exists (select from journal_entry e where e.id = f.entry_id)
union all
select '事实 ' || r.id || ' 的撤回与原事实 ' || f.id || ' 不相符'
  from journal_fact r join journal_fact f on f.id = r.retracts_id
 where (r.metric, r.organization_id, r."on", -r.amount) is distinct from (f.metric, f.organization_id, f."on", f.amount)
    or r.person_id is distinct from f.person_id"""

STANDING = """
select e.subject_id, f.metric, f.organization_id, f.person_id, f."on", f.amount
  from journal_entry e join journal_fact f on f.entry_id = e.id
 where e.subject_kind = %s and e.subject_id = any(%s) and f.retracts_id is null
   and not exists (select from journal_fact r where r.retracts_id = f.id)"""


def findings(step: Callable[[int], None] = lambda done: None) -> Iterator[str]:
    """Everything wrong with the journal, in one read-only snapshot. `step` is told of each batch or bite done."""
    inside = connection.in_atomic_block  # a caller's transaction has begun its own snapshot
    with transaction.atomic():
        with connection.cursor() as cursor:
            if not inside:
                cursor.execute("set transaction isolation level repeatable read read only")
        yield from _broken_seals(step)
        with connection.cursor() as cursor:
            cursor.execute(ORPHANS)
            yield from (sentence for (sentence,) in cursor.fetchall())
        for source in SOURCES.values():
            yield from _differs_from_records(source, step)


def head() -> tuple[int, str] | None:
    """Number and hash (hex) of the last batch: noted outside the database, it shows whether the chain was cut short."""
    with connection.cursor() as cursor:
        cursor.execute("select n, hash from journal_batch order by n desc limit 1")
        row = cursor.fetchone()
    return (row[0], bytes(row[1]).hex()) if row else None


def _broken_seals(step: Callable[[int], None]) -> Iterator[str]:
    previous, n = bytes(32), 0
    while (batch := _batch_after(n)) is not None:
        number, ids, leaves, before, digest = batch
        if number != n + 1:
            yield f"封存批次 {n + 1} 到 {number - 1} 不见了"
        if before != previous:
            yield f"封存批次 {number} 没有接在前一批之后"
        if batch_hash(number, ids, leaves, before) != digest:
            yield f"封存批次 {number} 本身被改动"
        yield from _changed_entries(ids, leaves)
        previous, n = digest, number
        step(len(ids))


def _batch_after(n: int) -> tuple[int, list[int], bytes, bytes, bytes] | None:
    with connection.cursor() as cursor:
        cursor.execute("select n, ids, leaves, previous, hash from journal_batch where n > %s order by n limit 1", [n])
        row = cursor.fetchone()
    return (row[0], row[1], bytes(row[2]), bytes(row[3]), bytes(row[4])) if row else None


def _changed_entries(ids: list[int], leaves: bytes) -> Iterator[str]:
    told = {entry_id: leaves[k * 32 : k * 32 + 32] for k, entry_id in enumerate(ids)}
    with connection.cursor() as cursor:
        cursor.execute(f"select e.id, {LEAF} from journal_entry e where e.id = any(%s)", [ids])
        for entry_id, leaf in cursor.fetchall():
            if told.pop(entry_id) != bytes(leaf):
                yield f"记录 {entry_id} 或它的事实被改动"
    yield from (f"记录 {entry_id} 被删除" for entry_id in told)


def _differs_from_records(source: Source, step: Callable[[int], None]) -> Iterator[str]:
    """Tell every record of a source anew and compare with what stands."""
    if source.restate is None or source.ids is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct subject_id from journal_entry where subject_kind = %s and statement is not null",
            [source.number],
        )
        ids = sorted({subject_id for (subject_id,) in cursor.fetchall()} | set(source.ids()))
    for start in range(0, len(ids), BITE):
        bite = ids[start : start + BITE]
        told, stands = source.restate(bite), _standing(source, bite)
        for subject_id in bite:
            if Counter(told.get(subject_id, [])) != stands.get(subject_id, Counter()):
                yield f"{source.label} {subject_id} 的记录与它的事实对不上"
        step(len(bite))


def _standing(source: Source, ids: list[int]) -> dict[int, Counter[Fact]]:
    stands: dict[int, Counter[Fact]] = {}
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [source.number, ids])
        for subject_id, *fact in cursor.fetchall():
            stands.setdefault(subject_id, Counter())[Fact(*fact)] += 1
    return stands
