"""Only the worker adds up; the site cannot make a figure say anything that no fact says."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from sangyu.journal.actor import STRANGER
from sangyu.journal.declare import Source
from sangyu.journal.models import Delta
from sangyu.kit.refusals import NotAllowed
from sangyu.members.tests.cast import make_cast
from sangyu.tallies import tasks
from sangyu.tallies.actions import fold, rebuild
from sangyu.tallies.models import Tally
from sangyu.tallies.tests.factories import WORKER, one, state
from tests.roles import connected_as, working_as

DAY = "2024-01-01"


@pytest.mark.parametrize(
    "deed",
    [
        f"insert into journal_delta (metric, organization_id, month, amount) values (1, 1, '{DAY}', 1)",
        "update journal_delta set amount = 2",
        "delete from journal_delta",
        "truncate journal_delta",
        f"insert into tallies_tally (metric, organization_id, month) values (1, 1, '{DAY}')",
        "update tallies_tally set total = 2",
        "delete from tallies_tally",
        "truncate tallies_tally",
        "delete from members_organization",
        "alter table journal_fact disable trigger fact_waits",
        "alter table members_organization disable trigger tallies_follow",
    ],
)
def test_the_site_only_reads_them(own_database: str, deed: str) -> None:
    with connected_as("sangyu_app", own_database) as app, pytest.raises(InsufficientPrivilege):
        app.execute(deed)


@pytest.mark.parametrize(
    "deed",
    [
        f"insert into journal_delta (metric, organization_id, month, amount) values (1, 1, '{DAY}', 1)",
        "update journal_delta set amount = 2",
        "truncate journal_delta",
    ],
)
def test_the_worker_takes_from_the_queue_and_puts_nothing_in(own_database: str, deed: str) -> None:
    with connected_as("sangyu_worker", own_database) as worker, pytest.raises(InsufficientPrivilege):
        worker.execute(deed)


def test_what_is_told_and_taken_back_in_one_statement_waits_for_nothing(own_database: str, source: Source) -> None:
    cast, day = make_cast(), date(2024, 1, 5)
    before = Delta.objects.count()
    state(source, 1, one(cast.branch, day, 2), one(cast.branch, day, -2))
    assert Delta.objects.count() == before
    state(source, 1, one(cast.branch, day, 2), one(cast.branch, day, 3))
    assert [d.amount for d in Delta.objects.order_by("-id")[: Delta.objects.count() - before]] == [5]


@pytest.mark.django_db
def test_nobody_else_may_fold_or_count_anew() -> None:
    for deed in (fold, rebuild):
        with pytest.raises(NotAllowed):
            deed(STRANGER)


def test_a_fold_that_fails_takes_nothing(own_database: str, source: Source) -> None:
    cast = make_cast()
    state(source, 1, one(cast.branch, date(2024, 1, 5)))
    waiting = Delta.objects.count()
    with pytest.raises(DatabaseError):  # the site has no right to it, so the statement fails in its middle
        fold(WORKER)
    assert (Delta.objects.count(), Tally.objects.count()) == (waiting, 0)


def test_an_organization_moves_where_each_statement_sees_the_latest_only(own_database: str) -> None:
    cast = make_cast()
    with pytest.raises(DatabaseError, match="read committed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        cursor.execute(
            "update members_organization set parent_id = %s where id = %s", [cast.neighbour.pk, cast.branch.pk]
        )


def test_the_minute_s_work_empties_the_queue(own_database: str, source: Source) -> None:
    make_cast()
    assert Delta.objects.exists()
    with working_as("sangyu_worker"):
        tasks.fold(timestamp=0)
    assert not Delta.objects.exists() and Tally.objects.exists()
