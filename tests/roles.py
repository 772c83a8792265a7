"""Other hands than the application's: the worker's and the owner's, for tests of who may do what to the tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections

from sangyu.config import environment


def connected_as(role: str, database: str) -> psycopg.Connection[Any]:
    """A connection of its own, committing each statement, as `environment.OWNER`, `APP` or `WORKER`."""
    return psycopg.connect(**{**environment.conninfo(role), "dbname": database}, autocommit=True)


@contextmanager
def working_as(role: str) -> Iterator[None]:
    """Let Django's own connection be another role's for a while. For databases without a test's transaction."""
    connection = connections["default"]
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before
