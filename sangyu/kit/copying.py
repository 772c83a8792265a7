"""Many rows at once into a table, by COPY: the fastest way in that still goes through every constraint."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg import sql

# The sequence is looked up once, not for each id.
TAKE = """
select nextval(own) from (select pg_get_serial_sequence(%s, 'id')::regclass own offset 0) x, generate_series(1, %s)"""


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Into the columns of a table, inside the caller's transaction. Values as psycopg writes them; ranges and arrays as
    PostgreSQL's own text. Raises Django's IntegrityError where a constraint refuses one of them."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    command = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)


def take_ids(table: str, count: int) -> list[int]:
    """As many fresh ids of a table, in order."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [table, count])
        return [taken for (taken,) in cursor.fetchall()]


def plain_array(values: Iterable[object]) -> str:
    """Numbers, days or quoted texts as one PostgreSQL array: value by value, the driver takes ten times as long."""
    return f"{{{','.join('null' if value is None else str(value) for value in values)}}}"


def byte_array(values: Iterable[bytes]) -> str:
    """Bytes as one PostgreSQL array."""
    inside = ",".join(f'"\\\\x{value.hex()}"' for value in values)
    return f"{{{inside}}}"
