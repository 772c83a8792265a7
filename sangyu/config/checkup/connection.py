"""A look into the database that cannot change anything: read-only, with a limit of time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.sql import Composed

from sangyu.config import environment

PATIENCE = 5  # seconds to connect
LIMIT = "30s"  # for one question


class Reader:
    """One role's connection."""

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection

    def rows(self, asked: str | Composed, values: Sequence[Any] = ()) -> list[Any]:
        return self.connection.execute(asked, values or None).fetchall()

    def one(self, asked: str | Composed, values: Sequence[Any] = ()) -> Any:
        """The single value that is asked for."""
        row = self.connection.execute(asked, values or None).fetchone()
        return row[0] if row else None

    def has(self, table: str) -> bool:
        return self.one("select to_regclass(%s) is not null", [f"public.{table}"]) is True


@contextmanager
def reader(role: str) -> Iterator[Reader]:
    """As one of the three roles. Raises psycopg.OperationalError, environment.NotNamed."""
    given = {**environment.conninfo(role), "connect_timeout": PATIENCE}
    with psycopg.connect(**given, autocommit=True) as connection:
        connection.execute("set default_transaction_read_only = on")
        connection.execute(f"set statement_timeout = '{LIMIT}'")
        yield Reader(connection)
