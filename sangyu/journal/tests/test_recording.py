"""Writing down a deed: who, for whom, what; and facts, told as a whole and never twice."""

import threading
from collections import Counter

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sangyu.journal.actions import record
from sangyu.journal.declare import Fact, Source
from sangyu.journal.models import Entry, Unsealed
from sangyu.journal.models import Fact as FactRow
from sangyu.journal.tests.factories import SOMEBODY, fact, kind_of_record, standing, state
from sangyu.journal.verify import findings

db = pytest.mark.django_db
ONE, TWO, THREE = fact(person_id=1), fact(person_id=2), fact(metric=2, amount=500)


@db
def test_an_entry_says_who_for_whom_through_which_door(source: Source) -> None:
    entry_id = record(SOMEBODY.on_behalf_of(8), "test.done", (source, 3), 10, fields=["place"])
    entry = Entry.objects.get(pk=entry_id)
    assert (entry.actor_id, entry.for_id, entry.door, entry.verb) == (7, 8, "console", "test.done")
    assert (entry.subject_kind, entry.subject_id, entry.organization_id) == (source.number, 3, 10)
    assert entry.detail == {"fields": ["place"]}
    assert entry.at is not None


@db
def test_every_entry_waits_to_be_sealed(source: Source) -> None:
    ids = {record(SOMEBODY, "test.done", (source, i)) for i in range(3)}
    assert set(Unsealed.objects.values_list("entry_id", flat=True)) == ids


@db
def test_saying_nothing_about_facts_leaves_them_as_they_are(source: Source) -> None:
    state(source, 1, ONE)
    entry_id = record(SOMEBODY, "test.looked", (source, 1))
    assert Entry.objects.get(pk=entry_id).statement is None
    assert standing(1) == [ONE]


@db
def test_an_empty_statement_takes_everything_back(source: Source) -> None:
    state(source, 1, ONE, THREE)
    state(source, 1)
    assert standing(1) == []
    assert FactRow.objects.count() == 4


@db
def test_stating_again_inserts_the_difference_only(source: Source) -> None:
    state(source, 1, ONE, TWO)
    entry_id = state(source, 1, ONE, THREE)
    assert standing(1) == sorted([ONE, THREE], key=repr)
    added = FactRow.objects.filter(entry=entry_id).order_by("id")
    rows = [(row.person_id, row.amount, row.retracts_id is None) for row in added]
    assert rows == [(2, -1, False), (None, 500, True)]


@db
def test_the_same_again_is_an_entry_without_facts(source: Source) -> None:
    state(source, 1, ONE)
    entry_id = state(source, 1, ONE)
    assert not FactRow.objects.filter(entry=entry_id).exists()


@db
def test_a_retraction_names_what_it_takes_back(source: Source) -> None:
    first = FactRow.objects.get(entry=state(source, 1, ONE))
    back = FactRow.objects.get(entry=state(source, 1))
    assert back.retracts_id == first.pk
    assert (back.metric, back.organization_id, back.person_id, back.on) == (ONE.metric, 10, 1, ONE.on)
    assert first.amount + back.amount == 0


@db
def test_equal_facts_may_stand_twice_and_go_one_by_one(source: Source) -> None:
    state(source, 1, ONE, ONE)
    assert standing(1) == [ONE, ONE]
    state(source, 1, ONE)
    assert standing(1) == [ONE]


@db
def test_statements_are_numbered_for_each_record(source: Source) -> None:
    ids = [state(source, 1, ONE), state(source, 2, ONE), state(source, 1), state(source, 1, TWO)]
    numbers = dict(Entry.objects.values_list("id", "statement"))
    assert [numbers[i] for i in ids] == [1, 1, 2, 3]


@db
def test_a_fact_of_nothing_is_refused_by_the_table(source: Source) -> None:
    with pytest.raises(Exception, match="journal_fact_counts"), transaction.atomic():
        state(source, 1, fact(amount=0))


FACTS = st.builds(
    fact,
    metric=st.integers(1, 3),
    organization_id=st.integers(1, 2),
    person_id=st.sampled_from([None, 1, 2]),
    amount=st.sampled_from([-5, 1, 100]),
)


@db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(FACTS, max_size=6), min_size=1, max_size=6))
def test_what_stands_is_always_what_was_said_last(statements: list[list[Fact]]) -> None:
    with kind_of_record() as source, transaction.atomic():
        for said in statements:
            state(source, 1, *said)
            assert Counter(standing(1)) == Counter(said)
            assert sum(FactRow.objects.values_list("amount", flat=True)) == sum(f.amount for f in said)
        assert list(findings()) == []
        transaction.set_rollback(True)


def test_two_who_state_the_same_record_at_once_count_it_once(own_database: str, source: Source) -> None:
    together = threading.Barrier(4)

    def work() -> None:
        try:
            for _ in range(5):
                together.wait(timeout=20)
                with transaction.atomic():
                    state(source, 1, ONE, TWO)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert standing(1) == [ONE, TWO]
    assert FactRow.objects.count() == 2
    assert sorted(Entry.objects.values_list("statement", flat=True)) == list(range(1, 21))
    assert list(findings()) == []
