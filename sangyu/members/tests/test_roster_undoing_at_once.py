"""An import is undone while others work with its people: they were first, or their people are gone; never both."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from sangyu.journal.models import Entry
from sangyu.kit.refusals import Conflict
from sangyu.members.actions import cards, people
from sangyu.members.actions.roster_undo import undo_roster
from sangyu.members.models import Look, Membership, Person
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.factories import brought_in
from sangyu.members.tests.roster_files import person

PATIENCE = 20  # seconds


def apart(deed: Callable[[], Any]) -> Any:
    """The deed on a connection of its own, as another thread of the server has it."""
    try:
        return deed()
    finally:
        connections.close_all()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from pg_locks where not granted)")
        return bool(cursor.fetchone()[0])


def in_hand(deed: Callable[[], Any], begun: Event, finish: Event) -> None:
    with transaction.atomic():
        deed()
        begun.set()
        assert finish.wait(PATIENCE)


def test_an_account_opened_meanwhile_keeps_everybody(own_database: str) -> None:
    cast: Cast = make_cast()
    roster, bureau = brought_in(cast, person("马老"), person("牛老", 2)), cast.actor(cast.clerk)
    begun, finish = Event(), Event()
    with ThreadPoolExecutor(2) as pool:
        opening = pool.submit(apart, lambda: in_hand(lambda: cards.open_accounts(bureau, cast.branch), begun, finish))
        assert begun.wait(PATIENCE)
        undoing = pool.submit(apart, lambda: undo_roster(bureau, roster))
        until = time.monotonic() + PATIENCE
        while not somebody_waits() and time.monotonic() < until:
            time.sleep(0.02)
        finish.set()
        opening.result(PATIENCE)
        with pytest.raises(Conflict, match="什么都没有撤销"):
            undoing.result(PATIENCE)
    assert Person.objects.filter(name__in=["马老", "牛老"], account__isnull=False).count() == 2
    assert not Entry.objects.filter(verb="members.roster_undone").exists()


def test_who_looks_at_somebody_that_goes_meanwhile_leaves_nothing(own_database: str) -> None:
    cast = make_cast()
    roster, bureau = brought_in(cast, person("马老")), cast.actor(cast.clerk)
    came, begun, finish = Person.objects.get(name="马老"), Event(), Event()
    look = lambda: people.reveal(bureau, came.pk, "id_number", "核对证件")  # noqa: E731
    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(apart, lambda: in_hand(look, begun, finish))
        assert begun.wait(PATIENCE)
        undo_roster(bureau, roster)
        finish.set()
        with pytest.raises(IntegrityError):
            looking.result(PATIENCE)
    assert not Look.objects.exists() and not Person.objects.filter(pk=came.pk).exists()


def test_pressed_twice_at_once_it_is_undone_once(own_database: str) -> None:
    cast = make_cast()
    roster, together = brought_in(cast, person("马老"), person("牛老", 2)), Barrier(2)

    def press() -> None:
        actor = cast.actor(cast.clerk)
        together.wait()
        undo_roster(actor, roster)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: apart(press), range(2)))
    assert Entry.objects.filter(verb="members.roster_undone").count() == 1
    assert not Membership.objects.filter(person__name__in=["马老", "牛老"]).exists()
