"""The heart: every deed ends in `record`; the worker seals what was recorded."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper as Cursor

from sangyu.journal.actor import Actor
from sangyu.journal.declare import Deed, Fact, Source
from sangyu.journal.leaves import LEAF, batch_hash
from sangyu.kit.refusals import require

SOURCE_LOCK, SEAL_LOCK = 4000, 2  # first keys of the advisory locks

STANDING = """
select f.id, f.metric, f.organization_id, f.person_id, f."on", f.amount
  from journal_entry e join journal_fact f on f.entry_id = e.id
 where e.subject_kind = %s and e.subject_id = %s and e.statement is not null and f.retracts_id is null
   and not exists (select from journal_fact r where r.retracts_id = f.id)"""

LAST_STATEMENT = """
select coalesce(max(statement), 0) from journal_entry
 where subject_kind = %s and subject_id = %s and statement is not null"""

INSERT_ENTRY = """
insert into journal_entry (actor_id, for_id, door, verb, organization_id, subject_kind, subject_id, statement, detail)
values (%(actor)s, %(for)s, %(door)s, %(verb)s, %(organization)s, %(kind)s, %(id)s, %(statement)s, %(detail)s::jsonb)
returning id"""

INSERT_FACTS = """
insert into journal_fact (entry_id, retracts_id, metric, organization_id, person_id, "on", amount)
select %s, x.* from unnest(%s::bigint[], %s::smallint[], %s::int[], %s::bigint[], %s::date[], %s::bigint[]) x"""


def record(
    actor: Actor,
    verb: str,
    subject: tuple[Source, int],
    organization_id: int | None = None,
    facts: Iterable[Fact] | None = None,
    **detail: Any,
) -> int:
    """Write down one deed, inside the caller's transaction; returns the entry's id.

    `facts`: None says nothing about facts; a list is the *whole* statement of this source, so [] takes all back.
    What changed against the statement before is inserted, a retraction as a compensating row. `detail` holds names of
    fields and masked values only, never personal data: it can never be erased.
    """
    source, subject_id = subject
    entry = {
        "actor": actor.person_id,
        "for": actor.for_person_id,
        "door": actor.door,
        "verb": verb,
        "organization": organization_id,
        "kind": source.number,
        "id": subject_id,
        "statement": None,
        "detail": json.dumps(detail, ensure_ascii=False, default=str),
    }
    with connection.cursor() as cursor:
        if facts is None:
            return _insert(cursor, entry)
        said, rows = _compare(cursor, source, subject_id, list(facts))
        entry_id = _insert(cursor, {**entry, "statement": said + 1})
        if rows:
            cursor.execute(INSERT_FACTS, [entry_id, *(list(column) for column in zip(*rows, strict=True))])
        return entry_id


def record_many(actor: Actor, deeds: Sequence[Deed]) -> list[int]:
    """`record` for many deeds at once, inside the caller's transaction; returns the entries' ids in their order."""
    return [
        record(actor, deed.verb, (deed.source, deed.subject_id), deed.organization_id, deed.facts, **deed.detail)
        for deed in deeds
    ]


def _insert(cursor: Cursor, entry: dict[str, Any]) -> int:
    cursor.execute(INSERT_ENTRY, entry)
    return int(cursor.fetchone()[0])


def _compare(cursor: Cursor, source: Source, subject_id: int, facts: list[Fact]) -> tuple[int, list[tuple[Any, ...]]]:
    """How many statements a source has made, and the rows that turn what stands into `facts`."""
    # The lock is a statement of its own: a statement's snapshot is older than the lock it waits for.
    cursor.execute("select pg_advisory_xact_lock(%s, hashint8(%s))", [SOURCE_LOCK + source.number, subject_id])
    cursor.execute(LAST_STATEMENT, [source.number, subject_id])
    said = int(cursor.fetchone()[0])
    cursor.execute(STANDING, [source.number, subject_id])
    return said, _difference(cursor.fetchall(), facts)


def _difference(standing: list[tuple[Any, ...]], wanted: list[Fact]) -> list[tuple[Any, ...]]:
    """Rows that turn what stands into what is wanted. Multisets: equal facts may stand twice."""
    rows: list[tuple[Any, ...]] = []
    for fact_id, *old in standing:
        if (fact := Fact(*old)) in wanted:
            wanted.remove(fact)
        else:
            rows.append((fact_id, *fact[:4], -fact.amount))
    return rows + [(None, *fact) for fact in wanted]


@transaction.atomic
def seal(actor: Actor, size: int = 10_000) -> int:
    """Seal up to `size` waiting entries into one batch; returns how many. Writers never wait for it."""
    require(actor.may("journal.seal"))
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [SEAL_LOCK])
        cursor.execute("select n, hash from journal_batch order by n desc limit 1")
        n, previous = cursor.fetchone() or (0, bytes(32))
        cursor.execute(
            # An entry that was removed while it waited stays in the queue: `verify` names it.
            "delete from journal_unsealed where entry_id = any(array(select u.entry_id from journal_unsealed u "
            "join journal_entry e on e.id = u.entry_id order by u.entry_id limit %s)) returning entry_id",
            [size],
        )
        taken = [entry_id for (entry_id,) in cursor.fetchall()]
        if not taken:
            return 0
        cursor.execute(f"select e.id, {LEAF} from journal_entry e where e.id = any(%s) order by e.id", [taken])
        rows = cursor.fetchall()
        ids, leaves = [row[0] for row in rows], b"".join(bytes(row[1]) for row in rows)
        cursor.execute(
            "insert into journal_batch (n, form, ids, leaves, previous, hash) values (%s, 1, %s, %s, %s, %s)",
            [n + 1, ids, leaves, bytes(previous), batch_hash(n + 1, ids, leaves, bytes(previous))],
        )
        return len(rows)
