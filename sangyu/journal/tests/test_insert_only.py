"""What was recorded stays: the application's role may add to the journal, column by column, and nothing else."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError
from psycopg.errors import InsufficientPrivilege, UniqueViolation
from psycopg.errors import IntegrityConstraintViolation as Broken

from sangyu.journal.declare import Source
from sangyu.journal.models import Entry, Fact
from sangyu.journal.tests.factories import fact, state
from tests.roles import connected_as

TABLES = ("journal_entry", "journal_fact", "journal_unsealed", "journal_batch")
ENTRY = {
    "actor_id": "1",
    "for_id": "1",
    "door": "'x'",
    "verb": "'x'",
    "organization_id": "1",
    "subject_kind": "900",
    "subject_id": "1",
    "statement": "null",
    "detail": "'{}'",
}
FACT = {
    "entry_id": "1",
    "retracts_id": "null",
    "person_id": "1",
    "organization_id": "1",
    "on": "'2026-11-05'",
    "metric": "1",
    "amount": "1",
}
BATCH = {"n": "1", "form": "1", "ids": "'{1}'", "leaves": "''", "previous": "''", "hash": "''"}

NEWEST = "(select max(id) from journal_entry)"

Connection = psycopg.Connection[Any]


@pytest.fixture
def database(own_database: str, source: Source) -> str:
    state(source, 1, fact())
    return own_database


@pytest.fixture
def app(database: str) -> Iterator[Connection]:
    with connected_as("sangyu_app", database) as connection:
        yield connection


@pytest.fixture
def worker(database: str) -> Iterator[Connection]:
    with connected_as("sangyu_worker", database) as connection:
        yield connection


def columns_of(connection: Connection, table: str) -> list[str]:
    rows = connection.execute("select column_name from information_schema.columns where table_name = %s", [table])
    return [row[0] for row in rows]


def insert(connection: Connection, table: str, values: dict[str, str]) -> None:
    columns = ", ".join(f'"{column}"' for column in values)
    connection.execute(f"insert into {table} ({columns}) values ({', '.join(values.values())})")


@pytest.mark.parametrize("role", ["sangyu_app", "sangyu_worker"])
@pytest.mark.parametrize("table", TABLES)
def test_nobody_changes_a_single_column(database: str, role: str, table: str) -> None:
    with connected_as(role, database) as connection:
        for column in columns_of(connection, table):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(f'update {table} set "{column}" = "{column}"')


@pytest.mark.parametrize("role", ["sangyu_app", "sangyu_worker"])
@pytest.mark.parametrize("table", TABLES)
def test_nobody_empties_a_table(database: str, role: str, table: str) -> None:
    with connected_as(role, database) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(f"truncate {table} cascade")


@pytest.mark.parametrize("table", TABLES)
def test_the_application_deletes_nothing(app: Connection, table: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        app.execute(f"delete from {table}")


@pytest.mark.parametrize("table", ["journal_entry", "journal_fact", "journal_batch"])
def test_the_worker_deletes_no_record(worker: Connection, table: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        worker.execute(f"delete from {table}")


def test_the_worker_takes_from_the_queue_and_adds_batches(worker: Connection) -> None:
    worker.execute("delete from journal_unsealed")
    insert(worker, "journal_batch", BATCH)


def test_the_application_adds_no_batch(app: Connection) -> None:
    with pytest.raises(InsufficientPrivilege):
        insert(app, "journal_batch", BATCH)


@pytest.mark.parametrize("role", ["sangyu_app", "sangyu_worker"])
@pytest.mark.parametrize(
    "table,values,column,value",
    [
        ("journal_entry", ENTRY, "id", "999"),
        ("journal_entry", ENTRY, "at", "'2019-01-01'"),
        ("journal_fact", FACT, "id", "999"),
        ("journal_batch", BATCH, "at", "'2019-01-01'"),
    ],
)
def test_numbers_and_times_are_said_by_the_database_alone(
    database: str, role: str, table: str, values: dict[str, str], column: str, value: str
) -> None:
    if (role, table) == ("sangyu_worker", "journal_batch"):
        return  # see `test_the_worker_takes_from_the_queue_and_adds_batches`
    with connected_as(role, database) as connection, pytest.raises(InsufficientPrivilege):
        insert(connection, table, {**values, column: value})


def test_the_application_adds_entries_and_facts(app: Connection) -> None:
    with app.transaction():
        insert(app, "journal_entry", ENTRY)
        insert(app, "journal_fact", {**FACT, "entry_id": NEWEST})


def test_facts_come_with_their_entry_from_inside_savepoints_too(app: Connection) -> None:
    with app.transaction():
        with app.transaction():
            insert(app, "journal_entry", ENTRY)
        with app.transaction():
            insert(app, "journal_fact", {**FACT, "entry_id": NEWEST})
    with app.transaction():
        app.execute("select 1")
        with pytest.raises(Broken, match="comes with its entry"), app.transaction():
            insert(app, "journal_fact", {**FACT, "entry_id": NEWEST})


@pytest.mark.parametrize("entry", ["(select min(id) from journal_entry)", "999999"])
def test_no_fact_is_slipped_into_an_entry_of_before_or_of_nobody(app: Connection, entry: str) -> None:
    with pytest.raises(Broken, match="comes with its entry"):
        insert(app, "journal_fact", {**FACT, "entry_id": entry})


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "-2"},
        {"amount": "1"},
        {"metric": "2"},
        {"organization_id": "11"},
        {"person_id": "9"},
        {"on": "'2026-11-06'"},
        {"retracts_id": "999999"},
    ],
)
def test_only_its_equal_is_taken_back(app: Connection, change: dict[str, str]) -> None:
    row = app.execute('select id, organization_id, "on", metric, amount from journal_fact').fetchone()
    assert row
    equal = {
        "entry_id": NEWEST,
        "retracts_id": str(row[0]),
        "organization_id": str(row[1]),
        "on": f"'{row[2]}'",
        "metric": str(row[3]),
        "amount": str(-row[4]),
    }
    with app.transaction():
        insert(app, "journal_entry", ENTRY)
        with pytest.raises(Broken, match="equal but for the sign"), app.transaction():
            insert(app, "journal_fact", {**equal, **change})
        insert(app, "journal_fact", equal)
        with pytest.raises(UniqueViolation), app.transaction():
            insert(app, "journal_fact", equal)


def test_nobody_but_the_journal_says_what_waits(app: Connection) -> None:
    with pytest.raises(InsufficientPrivilege):
        insert(app, "journal_unsealed", {"entry_id": "1"})


def test_triggers_and_rights_are_the_owner_s(app: Connection) -> None:
    for deed in (
        "alter table journal_entry disable trigger entry_waits",
        "drop table journal_batch",
        "alter table journal_entry alter at drop default",
    ):
        with pytest.raises(InsufficientPrivilege):
            app.execute(deed)
    app.execute("grant update on journal_fact to sangyu_app")  # warns and grants nothing
    assert app.execute("select has_any_column_privilege('journal_fact', 'update')").fetchone() == (False,)


def test_the_models_are_refused_as_sql_is(database: str) -> None:
    for model in (Entry, Fact):
        with pytest.raises(ProgrammingError, match="permission denied"):
            model.objects.update(organization_id=99)
