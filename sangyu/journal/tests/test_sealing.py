"""Sealing: what waits becomes a batch that hangs on the batch before it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from sangyu.journal.actions import seal
from sangyu.journal.declare import Source
from sangyu.journal.heads import last
from sangyu.journal.leaves import Seal, seal_hash
from sangyu.journal.models import Batch, Entry, Unsealed
from sangyu.journal.tests.factories import SOMEBODY, WORKER, fact, state
from sangyu.journal.tests.tampering import asked, reseal
from sangyu.journal.verify import findings
from sangyu.kit.refusals import NotAllowed
from tests.roles import connected_as, working_as

DATABASE_WORKER = "sangyu_worker"
INSERT = "insert into journal_entry (door, verb, subject_kind, subject_id, detail) values ('x', %s, 900, 2, '{}')"


@pytest.fixture
def as_worker(own_database: str) -> Iterator[str]:
    with working_as(DATABASE_WORKER):
        yield own_database


def test_batches_form_a_chain(as_worker: str, source: Source) -> None:
    for i in range(5):
        state(source, i, fact(person_id=i))
    assert [seal(WORKER, 2), seal(WORKER, 2), seal(WORKER, 2), seal(WORKER, 2)] == [2, 2, 1, 0]
    before = bytes(32)
    for batch in Batch.objects.order_by("n"):
        leaves = bytes(batch.leaves)
        assert bytes(batch.previous) == before
        seal_ = Seal(batch.n, batch.form, batch.ids, leaves, before, batch.at)
        assert bytes(batch.hash) == seal_hash(seal_)
        assert len(leaves) == 32 * len(batch.ids)
        before = bytes(batch.hash)
    assert last() == (3, before.hex())
    assert not Unsealed.objects.exists()
    assert list(findings()) == []


def test_each_entry_is_sealed_exactly_once(as_worker: str, source: Source) -> None:
    def work() -> None:
        try:
            with working_as(DATABASE_WORKER):
                while seal(WORKER, 3):
                    pass
        finally:
            connection.close()

    for i in range(40):
        state(source, i, fact(person_id=i))
    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    sealed = [i for ids in Batch.objects.values_list("ids", flat=True) for i in ids]
    assert sorted(sealed) == list(Entry.objects.order_by("id").values_list("id", flat=True))
    assert list(findings()) == []


def test_an_entry_that_commits_late_is_sealed_later_and_not_lost(as_worker: str, source: Source) -> None:
    state(source, 1, fact())
    with connected_as("sangyu_app", as_worker) as late, late.transaction():
        late.execute(INSERT, ["late"])
        state(source, 3, fact())
        assert seal(WORKER) == 2
    assert seal(WORKER) == 1
    assert Entry.objects.get(verb="late").pk < Entry.objects.get(subject_id=3).pk
    assert list(findings()) == []


def test_writers_do_not_wait_for_the_seal(as_worker: str, source: Source) -> None:
    state(source, 1, fact())
    with transaction.atomic():
        seal(WORKER)
        with connected_as("sangyu_app", as_worker) as other:
            other.execute("set lock_timeout = '2s'")
            other.execute(INSERT, ["other"])
    assert seal(WORKER) == 1


@pytest.mark.django_db
def test_only_the_worker_s_deed_seals(source: Source) -> None:
    state(source, 1, fact())
    with pytest.raises(NotAllowed):
        seal(SOMEBODY)
    assert Unsealed.objects.count() == 1


@pytest.mark.django_db
def test_the_application_s_role_cannot_seal_even_with_the_deed(source: Source) -> None:
    state(source, 1, fact())
    with pytest.raises(ProgrammingError) as refused:
        seal(WORKER)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_sm3_and_sha256_batches_hang_on_each_other(as_worker: str, source: Source, settings: Any) -> None:
    for subject, name in enumerate(["sha256", "sm3", "sm3", "sha256"]):
        settings.SEAL_HASH = name
        state(source, subject, fact(person_id=subject))
        assert seal(WORKER) == 1
    assert list(Batch.objects.order_by("n").values_list("form", flat=True)) == [3, 2, 2, 3]
    second = Batch.objects.get(n=2)
    told = Seal(2, 2, second.ids, bytes(second.leaves), bytes(second.previous), second.at)
    assert bytes(second.hash) == seal_hash(told) != seal_hash(replace(told, form=3))
    assert list(findings()) == []


def test_batches_of_the_first_form_are_still_verified(as_worker: str, source: Source) -> None:
    """Form 1: SHA-256 without the batch's time, as the first release sealed."""
    for subject in range(2):
        state(source, subject, fact(person_id=subject))
        seal(WORKER, 1)
    with working_as("sangyu_owner"):
        asked("update journal_batch set form = 1 where n = 1")
        reseal(1)
    assert list(findings()) == []
    with working_as("sangyu_owner"):
        asked("update journal_entry set actor_id = 99 where id = (select min(id) from journal_entry)")
    assert len(list(findings())) == 1


def test_an_entry_of_a_long_transaction_is_no_finding(as_worker: str, source: Source) -> None:
    """It gets its number and time at the start and is sealed after others with greater numbers, hours later."""
    state(source, 1, fact())
    with connected_as("sangyu_app", as_worker) as late, late.transaction():
        late.execute(INSERT, ["late"])
        for subject in (3, 4):
            state(source, subject, fact())
            seal(WORKER)
    seal(WORKER)
    hours = timedelta(hours=20)
    with working_as("sangyu_owner"):
        first = "select id from journal_entry where verb = 'late'"
        asked(f"update journal_entry set at = at - %s where id <= ({first})", hours)
        reseal(1)
    assert list(findings()) == []
