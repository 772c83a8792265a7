"""Is what is stored what was recorded? Every finding is one Chinese sentence that says which."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from sangyu.journal import heads, seals
from sangyu.journal.declare import SOURCES, Fact, Source
from sangyu.journal.heads import Head

BITE = 500  # records restated at once

FACTS = """
select '事实 ' || f.id || ' 不属于任何记录' from journal_fact f
 where not exists (select from journal_entry e where e.id = f.entry_id)
union all
select '事实 ' || r.id || ' 的撤回与原事实 ' || r.retracts_id || ' 不相符'
  from journal_fact r left join journal_fact f on f.id = r.retracts_id
  left join journal_entry now on now.id = r.entry_id left join journal_entry before on before.id = f.entry_id
 where r.retracts_id is not null
   and ((r.metric, r.organization_id, r.person_id, r."on", -r.amount)
        is distinct from (f.metric, f.organization_id, f.person_id, f."on", f.amount)
     or (now.subject_kind, now.subject_id) is distinct from (before.subject_kind, before.subject_id))"""

STANDING = """
select e.subject_id, f.metric, f.organization_id, f.person_id, f."on", f.amount
  from journal_entry e join journal_fact f on f.entry_id = e.id
 where e.subject_kind = %s and e.subject_id = any(%s) and f.retracts_id is null
   and not exists (select from journal_fact r where r.retracts_id = f.id)"""

STATED_AFTER = """
select distinct subject_id from journal_entry
 where subject_kind = %s and subject_id > %s and statement is not null order by 1 limit %s"""

NEVER_STATED = """
select i from unnest(%s::bigint[]) i where not exists (
    select from journal_entry where subject_kind = %s and subject_id = i and statement is not null)"""


def findings(step: Callable[[int], None] = lambda done: None, told: Iterable[Head] = ()) -> Iterator[str]:
    """Everything wrong with the journal, in one read-only snapshot. `step` is told of each batch or bite done.

    Compares the chain with the heads kept outside (`heads`), and with those `told` by hand.
    """
    inside = connection.in_atomic_block  # a caller's transaction has begun its own snapshot
    with transaction.atomic():
        with connection.cursor() as cursor:
            if not inside:
                cursor.execute("set transaction isolation level repeatable read read only")
        yield from heads.differing(told)
        yield from seals.broken(step)
        yield from seals.sentences(FACTS)
        for source in SOURCES.values():
            yield from _differs_from_records(source, step)


def _differs_from_records(source: Source, step: Callable[[int], None]) -> Iterator[str]:
    """Tell every record of a source anew and compare with what stands."""
    if source.restate is None or source.ids is None:
        return
    for bite in _ids_of(source):
        told, stands = source.restate(bite), _standing(source, bite)
        for subject_id in bite:
            if Counter(told.get(subject_id, [])) != stands.get(subject_id, Counter()):
                yield f"{source.label} {subject_id} 的记录与它的事实对不上"
        step(len(bite))


def _ids_of(source: Source) -> Iterator[list[int]]:
    """Records that stated something, then those that should have and did not; a bite at a time."""
    last = -1
    while bite := _asked(STATED_AFTER, [source.number, last, BITE]):
        yield bite
        last = bite[-1]
    there = source.ids() if source.ids else ()
    ids = there.iterator(BITE) if isinstance(there, QuerySet) else iter(there)
    while some := list(islice(ids, BITE)):
        if bite := _asked(NEVER_STATED, [some, source.number]):
            yield bite


def _asked(sql: str, parameters: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [subject_id for (subject_id,) in cursor.fetchall()]


def _standing(source: Source, ids: list[int]) -> dict[int, Counter[Fact]]:
    stands: dict[int, Counter[Fact]] = {}
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [source.number, ids])
        for subject_id, *fact in cursor.fetchall():
            stands.setdefault(subject_id, Counter())[Fact(*fact)] += 1
    return stands
