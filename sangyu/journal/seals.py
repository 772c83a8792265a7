"""Is the chain of seals whole, and is every sealed entry what it was? Findings are sentences that name the entry.

Entries get number and time in the same moment, when they are inserted, so both rise together however long their
transaction takes. A long transaction only makes an entry visible late: it may be sealed after entries with greater
numbers, but by no more than a transaction can last.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from sangyu.journal.leaves import FORMS, SIZE, TEXT, Seal, leaf, seal_hash

LONGEST = timedelta(days=1)  # no transaction of ours takes that long
CLOCK = timedelta(minutes=5)  # what a clock may be set back
BITE = 5000  # entries read at once, in whole batches

BATCHES = "select n, form, ids, leaves, previous, at, hash from journal_batch order by n"
ENTRIES = f"select e.id, e.at, {TEXT} from journal_entry e where e.id = any(%s::bigint[])"

OUT_OF_ORDER = f"""
select '记录 ' || id || ' 的时间早于编号在它之前的记录：可能是事后补写的' from (
    select id, at, max(at) over (order by id rows between 10 preceding and 1 preceding) before from journal_entry) e
 where at < before - interval '{CLOCK.seconds} seconds'"""

# What no batch knows of, and what it should not know of.
STRAY = """
with sealed as materialized (select unnest(ids) id from journal_batch)
select '记录 ' || e.id || ' 是事后插入的：既不在任何封存批次里，也不在等待封存' from journal_entry e
  left join sealed s on s.id = e.id left join journal_unsealed u on u.entry_id = e.id
 where s.id is null and u.entry_id is null
union all
select '记录 ' || id || ' 出现在两个封存批次里' from sealed group by id having count(*) > 1
union all
select '记录 ' || u.entry_id || ' 已经封存，却又在等待封存' from journal_unsealed u
 where exists (select from sealed s where s.id = u.entry_id)
union all
select '记录 ' || u.entry_id || ' 被删除：它还在等待封存' from journal_unsealed u
 where not exists (select from journal_entry e where e.id = u.entry_id)"""

WAITING = "select e.id, e.at from journal_unsealed u join journal_entry e on e.id = u.entry_id where e.id < %s"


@dataclass(slots=True)
class Chain:
    """How far it has been read."""

    n: int = 0
    hash: bytes = bytes(SIZE)
    at: datetime | None = None
    tops: list[tuple[int, datetime]] = field(default_factory=list)  # greatest ids, falling; and when they were sealed

    def link(self, seal: Seal, digest: bytes) -> Iterator[str]:
        """Hang one batch on; what is wrong with it."""
        if seal.n != self.n + 1:
            yield f"封存批次 {self.n + 1} 到 {seal.n - 1} 不见了"
        if seal.previous != self.hash:
            yield f"封存批次 {seal.n} 没有接在前一批之后"
        if seal.form not in FORMS or seal_hash(seal) != digest or len(seal.leaves) != SIZE * len(seal.ids):
            yield f"封存批次 {seal.n} 本身被改动"
        if self.at is not None and seal.at < self.at - CLOCK:
            yield f"封存批次 {seal.n} 的时间早于前一批"
        self.n, self.hash, self.at = seal.n, digest, seal.at

    def passed(self, seal: Seal) -> None:
        """Remember the greatest id, for entries that come later with smaller ones."""
        top = max(seal.ids, default=0)
        while self.tops and self.tops[-1][0] <= top:
            self.tops.pop()
        self.tops.append((top, seal.at))

    def is_late(self, entry_id: int, at: datetime) -> bool:
        """True when a batch took a greater number so long after `at` that this one must have been there to take."""
        return any(entry_id < top and at < sealed - LONGEST for top, sealed in reversed(self.tops))


def broken(step: Callable[[int], None]) -> Iterator[str]:
    """Everything wrong with batches and sealed entries. `step` is told of each batch's entries."""
    chain = Chain()
    for group in _groups():
        rows = _entries([entry_id for seal, _ in group for entry_id in seal.ids])
        for seal, digest in group:
            yield from chain.link(seal, digest)
            yield from _changed(chain, seal, rows)
            chain.passed(seal)
            step(len(seal.ids))
    yield from _late_and_waiting(chain)
    yield from sentences(OUT_OF_ORDER)
    # Nobody can guess how many ids the batches hold; a nested loop over 20,000 took half a minute.
    _may_loop("off")
    yield from sentences(STRAY)
    _may_loop("on")


def _changed(chain: Chain, seal: Seal, rows: dict[int, tuple[datetime, str]]) -> Iterator[str]:
    for place, entry_id in enumerate(seal.ids):
        if entry_id not in rows:
            yield f"记录 {entry_id} 被删除"
            continue
        at, text = rows[entry_id]
        if seal.form in FORMS and leaf(seal.form, text) != seal.leaves[place * SIZE : place * SIZE + SIZE]:
            yield f"记录 {entry_id} 或它的事实被改动"
        if at > seal.at + CLOCK:
            yield f"记录 {entry_id} 的时间晚于封存它的时间"
        if chain.is_late(entry_id, at):
            yield _late(entry_id)


def _late_and_waiting(chain: Chain) -> Iterator[str]:
    top = chain.tops[0][0] if chain.tops else 0
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [top])
        yield from (_late(entry_id) for entry_id, at in cursor.fetchall() if chain.is_late(entry_id, at))


def _late(entry_id: int) -> str:
    return f"记录 {entry_id} 写的时间太早，当时的封存里没有它：可能是事后补写的"


def _groups() -> Iterator[list[tuple[Seal, bytes]]]:
    """Batches with their hashes in the order of the chain, as many together as make a bite."""
    group: list[tuple[Seal, bytes]] = []
    for n, form, ids, leaves, previous, at, digest in _rows(BATCHES, 10):
        group.append((Seal(n, form, ids, bytes(leaves), bytes(previous), at), bytes(digest)))
        if sum(len(seal.ids) for seal, _ in group) >= BITE:
            yield group
            group = []
    yield group


def _entries(ids: list[int]) -> dict[int, tuple[datetime, str]]:
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, [f"{{{','.join(map(str, ids))}}}"])
        return {entry_id: (at, text) for entry_id, at, text in cursor.fetchall()}


def _may_loop(said: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('enable_nestloop', %s, true)", [said])


def sentences(sql: str) -> Iterator[str]:
    return (sentence for (sentence,) in _rows(sql, 1000))


def _rows(sql: str, at_once: int) -> Iterator[tuple[Any, ...]]:
    """Rows as they come: there may be millions."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(at_once):
            yield from rows
