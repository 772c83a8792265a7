"""Two people import at once, a process dies in the middle, others watch: nobody twice, nothing half-done."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from sangyu.kit.tests.working import work
from sangyu.members import tasks
from sangyu.members.actions import rosters
from sangyu.members.models import Membership, Person, RosterImport
from sangyu.members.tests.cast import make_cast
from sangyu.members.tests.roster_files import person, receive, roster_file, states

NAMES = [f"{family}{given}" for family in "马牛杨朱龙" for given in "东南西北中发白"]
PEOPLE = [person(name, place + 1) for place, name in enumerate(NAMES)]

# Brings in the roster in a process of its own, saying each row and then taking its time.
SLOW_WORKER = """
import os, sys, time
import django
django.setup()
from sangyu.members.actions import rosters
from sangyu.members.models import RosterImport
from sangyu.members.queries.people import actor_of
def step(done, total):
    print(done, flush=True)
    time.sleep(0.05)
roster = RosterImport.objects.select_related("organization").get(pk=int(sys.argv[1]))
rosters.apply_roster(actor_of(int(sys.argv[2]), "worker"), roster, step)
"""


def apart(deed: Any) -> Any:
    """The deed on a connection of its own, as another thread of the server has it."""
    try:
        return deed()
    finally:
        connections.close_all()


def came_in() -> int:
    return Membership.objects.filter(person__name__in=NAMES).count()


def test_killed_in_the_middle_nothing_is_half_done(own_database: str) -> None:
    cast = make_cast()
    roster = receive(cast, *PEOPLE)
    rosters.confirm_roster(cast.actor(cast.clerk), roster)
    before = Person.objects.count()
    environment = {**os.environ, "SANGYU_DB_NAME": own_database, "DJANGO_SETTINGS_MODULE": "sangyu.config.settings"}
    worker = subprocess.Popen(
        [sys.executable, "-c", SLOW_WORKER, str(roster.pk), str(cast.clerk.pk)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    while worker.stdout.readline().strip() != "10":
        assert worker.poll() is None
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    roster.refresh_from_db()
    assert (roster.state, Person.objects.count(), came_in()) == ("queued", before, 0)
    tasks.apply_roster(roster.pk, cast.clerk.pk)
    roster.refresh_from_db()
    assert (roster.state, came_in(), set(states(roster))) == ("done", len(NAMES), {"imported"})


def test_a_fault_in_the_middle_leaves_nothing_and_the_next_try_completes(own_database: str) -> None:
    cast = make_cast()
    roster = receive(cast, *PEOPLE)

    def broken(done: int, total: int) -> None:
        if done == 20:
            raise RuntimeError("the power is gone")

    with pytest.raises(RuntimeError):
        rosters.apply_roster(cast.actor(cast.clerk), roster, broken)
    assert (came_in(), set(states(roster))) == (0, {"ready"})
    rosters.apply_roster(cast.actor(cast.clerk), roster)
    assert came_in() == len(NAMES)


def test_two_people_importing_the_same_people_at_once_bring_in_each_once(own_database: str) -> None:
    cast = make_cast()
    first, second = receive(cast, *PEOPLE), receive(cast, *reversed(PEOPLE))
    together = Barrier(2)

    def bring_in(roster: RosterImport) -> RosterImport:
        actor = cast.actor(cast.clerk)
        together.wait()
        return rosters.apply_roster(actor, roster, lambda done, total: time.sleep(0.002))

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda roster: apart(lambda: bring_in(roster)), (first, second)))
    assert came_in() == len(NAMES) == Person.objects.filter(name__in=NAMES).count()
    assert sorted(set(states(roster)) == {"imported"} for roster in done) == [False, True]
    assert {state for roster in done for state in states(roster)} == {"imported", "known"}


def test_the_same_file_sent_twice_at_once_is_one_import(own_database: str) -> None:
    cast = make_cast()
    content, together = roster_file(*PEOPLE), Barrier(2)

    def upload(name: str) -> int:
        actor = cast.actor(cast.clerk)
        together.wait()
        return rosters.receive_roster(actor, cast.office, name, content).pk

    with ThreadPoolExecutor(2) as pool:
        received = set(pool.map(lambda name: apart(lambda: upload(name)), ("a.xlsx", "b.xlsx")))
    assert len(received) == RosterImport.objects.count() == 1
    assert RosterImport.objects.get().lines.count() == len(PEOPLE)


def test_confirmed_twice_at_once_is_one_job(own_database: str) -> None:
    cast = make_cast()
    roster, together = receive(cast, *PEOPLE), Barrier(2)

    def press() -> None:
        actor = cast.actor(cast.clerk)
        together.wait()
        rosters.confirm_roster(actor, roster)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: apart(press), range(2)))
    assert ProcrastinateJob.objects.filter(task_name=rosters.TASK).count() == 1


def test_others_see_how_far_it_is_before_anybody_is_in(own_database: str) -> None:
    cast = make_cast()
    roster, actor = receive(cast, *PEOPLE), cast.actor(cast.clerk)
    seen: list[tuple[int, int, bool]] = []

    def step(done: int, total: int) -> None:
        rosters.note_progress(actor, roster, done, total)
        with closing(connections.create_connection("default")) as other, other.cursor() as cursor:
            cursor.execute(
                "select done, total, exists (select from members_person where name = any(%s))"
                " from members_rosterimport where id = %s",
                [NAMES, roster.pk],
            )
            seen.append(cursor.fetchone())

    rosters.apply_roster(actor, roster, step)
    assert seen == [(done, len(NAMES), False) for done in range(1, len(NAMES) + 1)]


def test_the_worker_takes_the_job_and_finishes_it(own_database: str) -> None:
    cast = make_cast()
    roster = receive(cast, *PEOPLE)
    rosters.confirm_roster(cast.actor(cast.clerk), roster)
    work()
    roster.refresh_from_db()
    assert (roster.state, roster.done, came_in()) == ("done", len(NAMES), len(NAMES))
    assert ProcrastinateJob.objects.get(task_name=rosters.TASK).status == "succeeded"
