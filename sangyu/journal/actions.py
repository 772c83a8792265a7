"""The heart: every deed ends in `record`; the worker seals what was recorded."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper as Cursor

from sangyu.journal.actor import Actor
from sangyu.journal.declare import Deed, Fact, Source
from sangyu.journal.leaves import SIZE, TEXT, WRITTEN, Seal, leaf, seal_hash
from sangyu.kit.copying import plain_array
from sangyu.kit.refusals import Conflict, require
from sangyu.kit.tables import refused_by

SEAL_LOCK = 2  # first key of the advisory lock

LAST = """coalesce((select max(e.statement) from journal_entry e
    where e.subject_kind = %(kind)s and e.subject_id = %(id)s and e.statement is not null), 0)"""

INSERT_ENTRY = """
insert into journal_entry (actor_id, for_id, door, verb, organization_id, subject_kind, subject_id, statement, detail)
values (%(actor)s, %(for)s, %(door)s, %(verb)s, %(organization)s, %(kind)s, %(id)s, {statement}, %(detail)s::jsonb)
on conflict (subject_kind, subject_id, statement) where statement is not null do nothing
returning id, statement"""
SAYS_NOTHING, STATES = INSERT_ENTRY.format(statement="null"), INSERT_ENTRY.format(statement=f"{LAST} + 1")

INSERT_ENTRIES = """
insert into journal_entry (actor_id, for_id, door, verb, organization_id, subject_kind, subject_id, statement, detail)
select %(actor)s, %(for)s, %(door)s, d.verb, d.organization, d.kind, d.id,
       case when d.nth is not null then d.nth + coalesce((select max(e.statement) from journal_entry e
           where e.subject_kind = d.kind and e.subject_id = d.id and e.statement is not null), 0) end, d.detail
  from unnest(%(verbs)s::text[], %(organizations)s::int[], %(kinds)s::smallint[], %(ids)s::bigint[], %(nths)s::int[],
              %(details)s::jsonb[]) with ordinality d (verb, organization, kind, id, nth, detail, place)
 order by d.place
returning id, statement"""

STANDING = """
select s.kind, s.id, f.id, f.metric, f.organization_id, f.person_id, f."on", f.amount
  from unnest(%s::smallint[], %s::bigint[]) s (kind, id)
  join journal_entry e on e.subject_kind = s.kind and e.subject_id = s.id and e.statement is not null
  join journal_fact f on f.entry_id = e.id and f.retracts_id is null
 where not exists (select from journal_fact r where r.retracts_id = f.id)
 order by f.id"""

# In the order of their ids: a batch never leaves out an entry that it sees for a later one (`seals` relies on it).
# An entry that was removed while it waited stays in the queue: `verify` names it.
TAKE = """
delete from journal_unsealed where entry_id = any(array(
    select u.entry_id from journal_unsealed u join journal_entry e on e.id = u.entry_id order by u.entry_id limit %s))
returning entry_id"""

INSERT_FACTS = """
insert into journal_fact (entry_id, retracts_id, metric, organization_id, person_id, "on", amount)
select x.entry, x.retracts, x.metric, x.organization, x.person, x.day, x.amount
  from unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::int[], %s::bigint[], %s::date[], %s::bigint[])
       with ordinality x (entry, retracts, metric, organization, person, day, amount, place)
 order by x.place returning id"""

Key = tuple[int, int]  # number of the source, id of its record
Row = tuple[Any, ...]  # entry, retracted fact, metric, organization, person, day, amount


@transaction.atomic(savepoint=False)  # entry and facts are one, even for a caller without a transaction
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
        **_who(actor),
        "verb": verb,
        "organization": organization_id,
        "kind": source.number,
        "id": subject_id,
        "detail": _json(detail),
    }
    with connection.cursor() as cursor:
        if facts is None:
            cursor.execute(SAYS_NOTHING, entry)
            return int(cursor.fetchone()[0])
        entry_id, statement = _claim(cursor, entry)
        key = (source.number, subject_id)
        # What stands is read after the claim, by a statement of its own: only then does it see what others committed.
        _write_facts(cursor, [(key, entry_id, facts)], _standing(cursor, [key]) if statement > 1 else {})
    return entry_id


@transaction.atomic(savepoint=False)
def record_many(actor: Actor, deeds: Sequence[Deed]) -> list[int]:
    """`record` for many deeds in a few statements, inside the caller's transaction; returns the ids in their order.

    Written down sorted by source (deeds of one source in their order), so that two who do so never wait for each other
    in a ring.
    """
    places = sorted(range(len(deeds)), key=lambda place: (deeds[place].source.number, deeds[place].subject_id))
    told = [deeds[place] for place in places]
    if not told:
        return []
    with connection.cursor() as cursor:
        written = _claim_many(cursor, actor, told)
        stating, known = [], []
        for deed, (entry_id, statement, nth) in zip(told, written, strict=True):
            key = (deed.source.number, deed.subject_id)
            if deed.facts is not None:
                stating.append((key, entry_id, deed.facts))
            if nth == 1 and statement > 1:  # the first of this call, and yet not the source's first
                known.append(key)
        _write_facts(cursor, stating, _standing(cursor, known))
    ids = {place: entry_id for place, (entry_id, _, _) in zip(places, written, strict=True)}
    return [ids[place] for place in range(len(deeds))]


def _who(actor: Actor) -> dict[str, Any]:
    return {"actor": actor.person_id, "for": actor.for_person_id, "door": actor.door}


def _json(detail: dict[str, Any]) -> str:
    return json.dumps(detail, ensure_ascii=False, default=str) if detail else "{}"


def _claim(cursor: Cursor, entry: dict[str, Any]) -> tuple[int, int]:
    """Insert an entry with its source's next statement number; returns both.

    The unique number is the lock: who states the same source waits here until we commit, finds the number taken and
    comes again. Unlike advisory locks these have no upper number, and they cost no round trip.
    """
    while True:
        cursor.execute(STATES, entry)
        if row := cursor.fetchone():
            return row[0], row[1]


def _claim_many(cursor: Cursor, actor: Actor, deeds: list[Deed]) -> list[tuple[int, int, int | None]]:
    """The same for many, sorted by source: (entry, number of the statement, which of its source's in this call)."""
    said: Counter[Key] = Counter()
    nths: list[int | None] = []
    for deed in deeds:
        said[key := (deed.source.number, deed.subject_id)] += deed.facts is not None
        nths.append(said[key] if deed.facts is not None else None)
    columns = {
        **_who(actor),
        "verbs": plain_array(_quoted(deed.verb) for deed in deeds),
        "organizations": plain_array(deed.organization_id for deed in deeds),
        "kinds": plain_array(deed.source.number for deed in deeds),
        "ids": plain_array(deed.subject_id for deed in deeds),
        "nths": plain_array(nths),
        "details": plain_array(_quoted(_json(deed.detail)) for deed in deeds),
    }
    while True:
        try:
            with refused_by("journal_entry_statement", then=Conflict):
                cursor.execute(INSERT_ENTRIES, columns)
                return [(row[0], row[1], nth) for row, nth in zip(cursor.fetchall(), nths, strict=True)]
        except Conflict:
            continue  # somebody stated one of them meanwhile: its next number is another


def _standing(cursor: Cursor, keys: list[Key]) -> dict[Key, list[tuple[int, Fact]]]:
    """Ids and facts that stand for each of the sources."""
    stands: dict[Key, list[tuple[int, Fact]]] = {}
    if keys:
        cursor.execute(STANDING, [plain_array(column) for column in zip(*keys, strict=True)])
        for kind, subject_id, fact_id, *fact in cursor.fetchall():
            stands.setdefault((kind, subject_id), []).append((fact_id, Fact(*fact)))
    return stands


def _write_facts(
    cursor: Cursor,
    stating: Sequence[tuple[Key, int, Iterable[Fact]]],
    stands: dict[Key, list[tuple[int, Fact]]],
) -> None:
    """Insert what turns what `stands` into what is stated. Multisets: equal facts may stand twice."""
    rows: list[Row] = []
    back: list[tuple[int, int, Fact]] = []  # taken back in the same call: entry, place of the fact in `rows`, fact
    for key, entry_id, facts in stating:
        wanted, kept = list(facts), []
        if before := stands.get(key):
            left = Counter(wanted)
            for fact_id, fact in before:
                if left[fact]:
                    left[fact] -= 1
                    kept.append((fact_id, fact))
                elif fact_id > 0:
                    rows.append((entry_id, fact_id, *fact[:4], -fact.amount))
                else:
                    back.append((entry_id, -fact_id, fact))
            wanted = list(left.elements())
        for fact in wanted:
            kept.append((-len(rows), fact))
            rows.append((entry_id, None, *fact))
        stands[key] = kept
    _insert_facts(cursor, rows)
    if back:
        ids = [fact_id for (fact_id,) in cursor.fetchall()]
        _insert_facts(cursor, [(entry_id, ids[place], *fact[:4], -fact.amount) for entry_id, place, fact in back])


def _insert_facts(cursor: Cursor, rows: list[Row]) -> None:
    if rows:
        cursor.execute(INSERT_FACTS, [plain_array(column) for column in zip(*rows, strict=True)])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@transaction.atomic
def seal(actor: Actor, size: int = 10_000) -> int:
    """Seal up to `size` waiting entries into one batch; returns how many. Writers never wait for it."""
    require(actor.may("journal.seal"))
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [SEAL_LOCK])
        cursor.execute(TAKE, [size])
        taken = [entry_id for (entry_id,) in cursor.fetchall()]
        if not taken:
            return 0
        form = WRITTEN[settings.SEAL_HASH]
        cursor.execute(f"select e.id, {TEXT} from journal_entry e where e.id = any(%s::bigint[])", [plain_array(taken)])
        leaves = {entry_id: leaf(form, text) for entry_id, text in cursor.fetchall()}
        ids = sorted(leaves)
        n, previous, at = _end_of_chain(cursor)
        batch = Seal(n + 1, form, ids, b"".join(leaves[entry_id] for entry_id in ids), previous, at)
        cursor.execute(
            "insert into journal_batch (n, form, ids, leaves, previous, hash, at) values (%s, %s, %s, %s, %s, %s, %s)",
            [batch.n, form, ids, batch.leaves, previous, seal_hash(batch), at],
        )
        return len(ids)


def _end_of_chain(cursor: Cursor) -> tuple[int, bytes, datetime]:
    """Number and hash of the last batch, and the database's time now."""
    cursor.execute("select n, hash, clock_timestamp() from journal_batch order by n desc limit 1")
    if row := cursor.fetchone():
        return row[0], bytes(row[1]), row[2]
    cursor.execute("select clock_timestamp()")
    return 0, bytes(SIZE), cursor.fetchone()[0]
