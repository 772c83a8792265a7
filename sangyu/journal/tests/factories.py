"""A kind of record that exists in tests only: what it states is whatever the test has put into `RECORDS`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sangyu.journal import declare
from sangyu.journal.actions import record
from sangyu.journal.actor import Actor, machine
from sangyu.journal.declare import Fact, Source
from sangyu.journal.models import Fact as FactRow

DAY = date(2026, 11, 5)
SOMEBODY = Actor(account_id=1, person_id=7, door="console")
WORKER = machine("worker", "journal.seal")
RECORDS: dict[int, list[Fact]] = {}
NUMBER = 900


def fact(
    metric: int = 1, organization_id: int = 10, person_id: int | None = None, on: date = DAY, amount: int = 1
) -> Fact:
    return Fact(metric, organization_id, person_id, on, amount)


@contextmanager
def kind_of_record() -> Iterator[Source]:
    """Declared while the test runs, so that verifying restates it."""
    RECORDS.clear()
    source = declare.source(
        NUMBER,
        "test.record",
        "样张",
        restate=lambda ids: {i: RECORDS[i] for i in ids if i in RECORDS},
        ids=lambda: list(RECORDS),
    )
    try:
        yield source
    finally:
        declare.SOURCES.pop(NUMBER)
        RECORDS.clear()


def state(source: Source, subject_id: int, *facts: Fact) -> int:
    """The record changes and says so, as an action does it."""
    RECORDS[subject_id] = list(facts)
    return record(SOMEBODY, "test.stated", (source, subject_id), 10, facts=facts)


def standing(subject_id: int) -> list[Fact]:
    """The facts that stand for a record, sorted."""
    rows = FactRow.objects.filter(entry__subject_kind=NUMBER, entry__subject_id=subject_id, retracts=None)
    left = rows.filter(retracted_by=None).values_list("metric", "organization_id", "person_id", "on", "amount")
    return sorted((Fact(*row) for row in left), key=repr)
