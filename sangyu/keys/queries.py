"""Which keys the rows still need, and who may still be writing with an old one."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections

from sangyu.journal.actor import Actor
from sangyu.journal.queries import history_of
from sangyu.keys.metrics import KEY
from sangyu.keys.rules import may_rotate
from sangyu.kit import crypto
from sangyu.kit.crypto import BlindIndex, Keyring, SealBroken, SealedColumn
from sangyu.kit.refusals import require

# The version is the second byte of what is sealed; only the beginning of a big value is read for it.
SEALED_BY = "coalesce(get_byte(nullif(substring({0} from 2 for 1), ''), 0), 0)"
# An index of key 1 is 32 bytes; one of a later key has the version before.
INDEXED_BY = "case octet_length({0}) when 32 then 1 when 33 then get_byte({0}, 0) else 0 end"

RUNNING = """
select l.virtualtransaction from pg_locks l join pg_stat_activity a using (pid)
 where l.locktype = 'virtualxid' and l.mode = 'ExclusiveLock' and l.pid <> pg_backend_pid()
   and a.datname = current_database() and a.backend_type = 'client backend'"""


class Holding(NamedTuple):
    """How many values of one kind a key version has sealed or, `is_index`, indexed."""

    label: str
    is_index: bool
    version: int
    rows: int


def holdings(actor: Actor, using: str = DEFAULT_DB_ALIAS) -> list[Holding]:
    """Every sealed and indexed value of a database, counted by kind and key version."""
    require(may_rotate(actor))
    found: list[Holding] = []
    with connections[using].cursor() as cursor:
        for column in crypto.SEALED.values():
            asked = [(column.column, SEALED_BY, False), *((i.column, INDEXED_BY, True) for i in column.indexes)]
            for name, version, is_index in asked:
                cursor.execute(
                    f"select {version.format(name)}, count(*) from {column.table} where {name} is not null"
                    " group by 1 order by 1"
                )
                found += [Holding(column.label, is_index, *row) for row in cursor.fetchall()]
    return found


def held_by_older(found: Iterable[Holding], keyring: Keyring) -> list[Holding]:
    """Those that the newest keys have not written."""
    current = {False: keyring.current, True: keyring.current_index}
    return [holding for holding in found if holding.version != current[holding.is_index]]


def waiting(actor: Actor, column: SealedColumn, keyring: Keyring) -> int:
    """How many rows of a column have an older key."""
    require(may_rotate(actor))
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {column.table} where {is_older(column)}", older(column, keyring))
        return int(cursor.fetchone()[0])


def waiting_after(actor: Actor, column: SealedColumn, keyring: Keyring, after: int, rows: int, size: int) -> list[int]:
    """The next ids with an older key: up to `rows` of them with up to `size` bytes together, but at least one."""
    require(may_rotate(actor))
    with connection.cursor() as cursor:
        cursor.execute(
            f"with next as (select id, octet_length({column.column}) as size from {column.table}"
            f" where id > %s and {is_older(column)} order by id limit %s)"
            " select id from (select id, sum(size) over (order by id) - size as before from next) n"
            " where before < %s order by id",
            [after, *older(column, keyring), rows, size],
        )
        return [row_id for (row_id,) in cursor.fetchall()]


def is_older(column: SealedColumn) -> str:
    """The condition of a row of which anything has an older key; its parameters are `older`."""
    asked = [f"{SEALED_BY.format(column.column)} <> %s"]
    asked += [f"{i.column} is not null and {INDEXED_BY.format(i.column)} <> %s" for i in column.indexes]
    return f"{column.column} is not null and ({' or '.join(asked)})"


def older(column: SealedColumn, keyring: Keyring) -> list[int]:
    return [keyring.current, *(keyring.current_index for _ in column.indexes)]


def unopened(actor: Actor, keyring: Keyring) -> list[str]:
    """Kinds of values of which the first or the last does not open: then the site has other keys than these."""
    require(may_rotate(actor))
    return [column.label for column in crypto.SEALED.values() if not _opens(column, keyring)]


def _opens(column: SealedColumn, keyring: Keyring) -> bool:
    with connection.cursor() as cursor:
        for order in ("asc", "desc"):
            cursor.execute(
                f"select {column.column} from {column.table} where {column.column} is not null"
                f" order by id {order} limit 1"
            )
            for (sealed,) in cursor.fetchall():
                try:
                    crypto.open_sealed_bytes(keyring, sealed, column.about)
                except SealBroken:
                    return False
    return True


def twin(actor: Actor, column: SealedColumn, index: BlindIndex, value: bytes) -> int | None:
    """The row that has this index."""
    require(may_rotate(actor))
    with connection.cursor() as cursor:
        cursor.execute(f"select id from {column.table} where {index.column} = %s", [value])
        found = cursor.fetchone()
        return int(found[0]) if found else None


def running_transactions(actor: Actor) -> set[str]:
    """Whatever somebody else is in the middle of in this database, whoever it is."""
    require(may_rotate(actor))
    with connection.cursor() as cursor:
        cursor.execute(RUNNING)
        return {name for (name,) in cursor.fetchall()}


def is_recorded(actor: Actor, keyring: Keyring) -> bool:
    """True when the journal tells that these keys came into use."""
    require(may_rotate(actor))
    added = history_of(actor, (KEY, keyring.current)).filter(verb="keys.added")
    return added.filter(detail__index=keyring.current_index).exists()
