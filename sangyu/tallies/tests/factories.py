"""A kind of record and metrics that exist in tests of the tallies only, on the cast's tree."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sangyu.journal import declare
from sangyu.journal.actions import record
from sangyu.journal.actor import machine
from sangyu.journal.declare import Fact, Metric, Source
from sangyu.members.models import Organization

READER = machine("command", "members.read_all")
WORKER = machine("worker", "tallies.fold", "tallies.rebuild")
NUMBER = 901
COUNT = Metric(901, "test.count", "次数", "次")
PEOPLE = Metric(902, "test.people", "人数", "人", "distinct")


@contextmanager
def kind_of_record() -> Iterator[Source]:
    """Declared while the test runs."""
    try:
        yield declare.source(NUMBER, "test.tallied", "样张")
    finally:
        declare.SOURCES.pop(NUMBER)


def state(source: Source, subject_id: int, *facts: Fact) -> int:
    """A record says what it counts, as an action does it."""
    return record(READER, "test.stated", (source, subject_id), None, facts)


def one(
    organization: Organization, on: date, amount: int = 1, person_id: int | None = None, metric: Metric = COUNT
) -> Fact:
    return Fact(metric.number, organization.pk, person_id, on, amount)
