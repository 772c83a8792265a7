"""Writing down many deeds at once means what writing them down one by one means."""

import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sangyu.journal.actions import record, record_many
from sangyu.journal.declare import Deed, Source
from sangyu.journal.models import Entry, Unsealed
from sangyu.journal.models import Fact as FactRow
from sangyu.journal.tests.factories import RECORDS, SOMEBODY, fact, kind_of_record, standing, state
from sangyu.journal.verify import findings

db = pytest.mark.django_db
ONE, TWO = fact(person_id=1), fact(person_id=2)


def told(entry_ids: list[int]) -> list[Any]:
    """What the entries say, in their order, with numbers of rows replaced by what the rows say."""
    entries = Entry.objects.in_bulk(entry_ids)
    facts: dict[int, Counter[Any]] = {}
    for row in FactRow.objects.filter(entry__in=entry_ids).select_related("retracts__entry"):
        back = row.retracts
        says = (row.metric, row.organization_id, row.person_id, row.on, row.amount)
        of = (back.entry.subject_kind, back.entry.subject_id, back.entry.statement, back.amount) if back else None
        facts.setdefault(row.entry_id, Counter())[(says, of)] += 1
    return [
        (e.actor_id, e.for_id, e.door, e.verb, e.organization_id, e.subject_kind, e.subject_id, e.statement, e.detail)
        + (facts.get(e.pk),)
        for e in map(entries.__getitem__, entry_ids)
    ]


def one_by_one(deeds: list[Deed]) -> list[int]:
    return [record(SOMEBODY, d.verb, (d.source, d.subject_id), d.organization_id, d.facts, **d.detail) for d in deeds]


FACTS = st.builds(
    fact,
    metric=st.integers(1, 2),
    organization_id=st.integers(1, 2),
    person_id=st.sampled_from([None, 1]),
    amount=st.sampled_from([-5, 1]),
)
DEEDS = st.tuples(
    st.sampled_from(["test.stated", "test.told"]),
    st.integers(1, 3),
    st.sampled_from([None, 10]),
    st.none() | st.lists(FACTS, max_size=4),
    st.sampled_from([{}, {"fields": ["地点"]}, {"n": 3}]),
)


@db
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(DEEDS, max_size=8), min_size=1, max_size=3))
def test_many_at_once_are_as_one_by_one(calls: list[list[Any]]) -> None:
    said = []
    with kind_of_record() as source:
        for at_once in (True, False):
            with transaction.atomic():
                ids: list[int] = []
                for call in calls:
                    deeds = [Deed(verb, source, *rest) for verb, *rest in call]
                    ids += record_many(SOMEBODY, deeds) if at_once else one_by_one(deeds)
                last = {i: facts for call in calls for _, i, _, facts, _ in call if facts is not None}
                assert {i: Counter(standing(i)) for i in last} == {i: Counter(facts) for i, facts in last.items()}
                said.append(told(ids))
                for i, facts in last.items():
                    RECORDS[i] = facts
                assert list(findings()) == []
                transaction.set_rollback(True)
    assert said[0] == said[1]


@db
def test_entries_come_back_in_the_order_of_the_deeds(source: Source) -> None:
    ids = record_many(SOMEBODY, [Deed("test.told", source, i, None, None, {"n": i}) for i in (3, 1, 2, 1)])
    assert [Entry.objects.get(pk=i).subject_id for i in ids] == [3, 1, 2, 1]
    assert ids[1] < ids[3]
    assert set(Unsealed.objects.values_list("entry_id", flat=True)) == set(ids)


@db
def test_nothing_to_tell_writes_nothing(source: Source) -> None:
    assert record_many(SOMEBODY, []) == []
    assert not Entry.objects.exists()


@db
@pytest.mark.parametrize("many", [10, 300])
def test_the_number_of_statements_does_not_grow_with_the_deeds(source: Source, many: int) -> None:
    deeds = [Deed("test.told", source, i % 50, 10, [fact(person_id=i)]) for i in range(many)]
    state(source, 1, ONE)
    with CaptureQueriesContext(connection) as asked:
        record_many(SOMEBODY, deeds)
    assert len(asked) <= 7


def test_what_others_state_meanwhile_is_counted_once(own_database: str, source: Source) -> None:
    together = threading.Barrier(4)

    def work(turned: bool) -> None:
        ids = [3, 1, 2] if turned else [1, 2, 3]
        try:
            for n in range(6):
                together.wait(timeout=20)
                with transaction.atomic():
                    record_many(SOMEBODY, [Deed("test.stated", source, i, 10, [ONE, TWO]) for i in ids])
                    if n % 2:
                        record(SOMEBODY, "test.stated", (source, 3), 10, [ONE, TWO])
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=[turned]) for turned in (True, False, True, False)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    for i in (1, 2, 3):
        RECORDS[i] = [ONE, TWO]
        assert standing(i) == [ONE, TWO]
    assert FactRow.objects.count() == 6
    assert Entry.objects.filter(subject_id=1).count() == 24
    assert list(findings()) == []
