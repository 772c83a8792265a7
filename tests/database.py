"""The tests' database: a real PostgreSQL, migrated by the owner once, used by the tests as the application's role.

A pytest plugin (see pyproject.toml) and not a conftest: the environment must be set before Django reads its settings.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from hypothesis import settings
from psycopg import sql

TEST_HOME = Path(__file__).parents[1] / "var" / "tests"
os.environ.setdefault("SANGYU_HOME", str(TEST_HOME))
os.environ["SANGYU_DB_ROLE"] = "app"
os.environ["SANGYU_DEMO"] = "0"
os.environ.pop("DATABASE_URL", None)  # tests never touch the operator's own database

from sangyu.config import database, embedded_pg, environment  # noqa: E402  the environment decides what they see
from sangyu.kit import crypto  # noqa: E402

crypto.ensure_key_file(environment.KEY_FILE)
TEMPLATE = "sangyu_template"

# A slow machine is no failure; and what failed once is told by its example, not by chance.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")


def _root() -> psycopg.Connection[Any]:
    return psycopg.connect(embedded_pg.url(environment.PG_DATA, "postgres"), autocommit=True)


def make_template() -> None:
    """A database with every migration applied. Made anew at each run, so that it is never a stale one."""
    embedded_pg.start(environment.PG_DATA, careless=True)
    with _root() as root:
        database.make_owner(root)
        root.execute(f"drop database if exists {TEMPLATE} with (force)")
        database.make_database(root, TEMPLATE)
    done = subprocess.run(
        [sys.executable, "-c", "from sangyu.config.ready import migrate_named; migrate_named()"],
        env={**os.environ, "SANGYU_DB_NAME": TEMPLATE, "SANGYU_DB_ROLE": "owner"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def clone(name: str, template: str = TEMPLATE) -> None:
    """A fresh database like `template`."""
    with _root() as root:
        root.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        database.make_database(root, name, template)


def drop(name: str) -> None:
    with _root() as root:
        root.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the main process prepares; xdist's workers clone
        make_template()


def use_database(name: str) -> None:
    """Point Django's connection of this thread and all to come at another database."""
    connections.close_all()
    connections.settings["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # nothing of ours stays running behind the tests
        connections.close_all()
        database.rest_embedded()
