"""Two import at once, others register by hand, a process dies, others watch: nobody twice, nothing half-done."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from sangyu.kit.refusals import Conflict
from sangyu.kit.tasks import revive
from sangyu.kit.tests.working import work
from sangyu.members.actions import memberships, organizations, people, roster_lines, roster_rows, rosters
from sangyu.members.models import Membership, Organization, Person, RosterImport
from sangyu.members.models.belonging import MembershipKind
from sangyu.members.models.organization import OrganizationKind
from sangyu.members.tests.cast import FOUNDED, make_cast
from sangyu.members.tests.roster_files import person, reasons, receive, roster_file, states
from sangyu.members.tests.workbook import number_of

NAMES = [f"{family}{given}" for family in "马牛杨朱龙" for given in "东南西北中发白"]
PEOPLE = [person(name, place + 1) for place, name in enumerate(NAMES)]

# Reads or brings in the roster in a process of its own, saying each chunk of rows and then taking its time.
SLOW_WORKER = """
import os, sys, time
import django
django.setup()
from sangyu.members.actions import roster_lines, roster_rows, rosters
from sangyu.members.models import RosterImport
from sangyu.members.queries.people import actor_of
roster_lines.CHUNK = roster_rows.CHUNK = 5
def step(done, total):
    print(done, flush=True)
    time.sleep(0.05)
roster = RosterImport.objects.select_related("organization").get(pk=int(sys.argv[1]))
deed = {"read": roster_lines.read_lines, "apply": rosters.apply_roster}[sys.argv[3]]
deed(actor_of(int(sys.argv[2]), "worker"), roster, step)
"""


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine takes thousands of rows at once; here there are some dozens in all."""
    monkeypatch.setattr(roster_lines, "CHUNK", 5)
    monkeypatch.setattr(roster_rows, "CHUNK", 5)


def killed_in_the_middle(database: str, roster: RosterImport, clerk_id: int, deed: str) -> None:
    """A worker that was killed when it had done ten rows."""
    environment = {**os.environ, "SANGYU_DB_NAME": database, "DJANGO_SETTINGS_MODULE": "sangyu.config.settings"}
    worker = subprocess.Popen(
        [sys.executable, "-c", SLOW_WORKER, str(roster.pk), str(clerk_id), deed],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    while worker.stdout.readline().strip() != "10":
        assert worker.poll() is None
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()


def apart(deed: Any) -> Any:
    """The deed on a connection of its own, as another thread of the server has it."""
    try:
        return deed()
    finally:
        connections.close_all()


def came_in() -> int:
    return Membership.objects.filter(person__name__in=NAMES).count()


def test_killed_while_reading_nothing_is_half_read_and_the_job_taken_up_again_reads_it(own_database: str) -> None:
    cast = make_cast()
    roster = rosters.store_roster(cast.actor(cast.clerk), cast.office, "a.xlsx", roster_file(*PEOPLE))
    killed_in_the_middle(own_database, roster, cast.clerk.pk, "read")
    roster.refresh_from_db()
    assert (roster.state, roster.lines.count()) == ("received", 0)
    revived(rosters.READING_TASK)
    roster.refresh_from_db()
    assert (roster.state, states(roster)) == ("read", ["ready"] * len(NAMES))


def test_killed_in_the_middle_nothing_is_half_done_and_the_job_taken_up_again_completes(own_database: str) -> None:
    cast = make_cast()
    roster = receive(cast, *PEOPLE)
    rosters.confirm_roster(cast.actor(cast.clerk), roster)
    before = Person.objects.count()
    killed_in_the_middle(own_database, roster, cast.clerk.pk, "apply")
    roster.refresh_from_db()
    assert (roster.state, Person.objects.count(), came_in()) == ("queued", before, 0)
    revived(rosters.TASK)
    roster.refresh_from_db()
    assert (roster.state, came_in(), set(states(roster))) == ("done", len(NAMES), {"imported"})


def revived(task: str) -> None:
    """The job of a worker that died is found by the housekeeping, and another worker does it."""
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values ('2020-01-01') returning id")
        doing = "update procrastinate_jobs set status = 'doing', worker_id = %s where task_name = %s"
        cursor.execute(doing, [cursor.fetchone()[0], task])
    revive.defer(timestamp=0)
    work()
    assert ProcrastinateJob.objects.get(task_name=task).status == "succeeded"


def test_a_fault_in_the_middle_leaves_nothing_and_the_next_try_completes(own_database: str, small_chunks: None) -> None:
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


def test_given_up_in_the_middle_nothing_stays(own_database: str, small_chunks: None) -> None:
    cast = make_cast()
    clerk = cast.actor(cast.clerk)
    uploaded = rosters.store_roster(clerk, cast.office, "a.xlsx", roster_file(*PEOPLE[1:]))
    confirmed = receive(cast, *PEOPLE)
    rosters.confirm_roster(clerk, confirmed)
    for roster, deed in ((uploaded, roster_lines.read_lines), (confirmed, rosters.apply_roster)):

        def give_up(done: int, total: int, roster: RosterImport = roster) -> None:
            if done == 10:
                with ThreadPoolExecutor(1) as pool:
                    pool.submit(apart, lambda: rosters.give_up_roster(clerk, roster, "不要了")).result()

        with pytest.raises(Conflict, match="已经放弃"):
            deed(clerk, roster, give_up)
        roster.refresh_from_db()
        assert (roster.state, roster.refusal, came_in()) == ("refused", "不要了", 0)
        assert set(states(roster)) <= {"ready"}


def test_two_people_importing_the_same_people_at_once_bring_in_each_once(own_database: str) -> None:
    cast = make_cast()
    first, second = receive(cast, *PEOPLE), receive(cast, *reversed(PEOPLE))
    together = Barrier(2)

    def bring_in(roster: RosterImport) -> RosterImport:
        actor = cast.actor(cast.clerk)
        together.wait()
        return rosters.apply_roster(actor, roster, lambda done, total: time.sleep(0.05))

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda roster: apart(lambda: bring_in(roster)), (first, second)))
    assert came_in() == len(NAMES) == Person.objects.filter(name__in=NAMES).count()
    assert sorted(set(states(roster)) == {"imported"} for roster in done) == [False, True]
    assert {state for roster in done for state in states(roster)} == {"imported", "known"}


def test_two_offices_importing_the_same_people_at_once_bring_in_each_once(own_database: str) -> None:
    cast, together = make_cast(), Barrier(2)
    far = cast.actor(cast.other_clerk)
    office = Organization.objects.get(pk=far.offices[0].organization_id)
    organizations.found_organization(far, office, cast.branch.name, OrganizationKind.BRANCH, FOUNDED)
    first, second = receive(cast, *PEOPLE), rosters.receive_roster(far, office, "b.xlsx", roster_file(*PEOPLE[::-1]))

    def bring_in(roster: RosterImport) -> RosterImport:
        actor = far if roster == second else cast.actor(cast.clerk)
        together.wait()
        return rosters.apply_roster(actor, roster)

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda roster: apart(lambda: bring_in(roster)), (first, second)))
    assert came_in() == len(NAMES) == Person.objects.filter(name__in=NAMES).count()
    assert sorted(set(states(roster)) == {"imported"} for roster in done) == [False, True]
    (late,) = [roster for roster in done if set(states(roster)) == {"bad"}]
    assert {reason for _, reason in reasons(late)} == {"组织关系已在另一个单位，请先办理转出"}


def test_who_is_registered_by_hand_at_this_very_moment_is_known(own_database: str) -> None:
    cast, registered = make_cast(), Event()
    roster, number = receive(cast, *PEOPLE), number_of("19480215", "001")

    def register() -> None:
        actor = cast.actor(cast.clerk)
        with transaction.atomic():
            by_hand = people.write_person(actor, cast.branch, NAMES[0], id_number=number)
            memberships.join(actor, by_hand, cast.branch, MembershipKind.FORMAL, FOUNDED)
            registered.set()
            time.sleep(0.5)  # the import comes upon the row before it is committed, and waits

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(apart, register)
        assert registered.wait(5)
        rosters.apply_roster(cast.actor(cast.clerk), roster)
        waiting.result()
    assert states(roster) == ["known", *["imported"] * (len(NAMES) - 1)]
    assert came_in() == len(NAMES) == Person.objects.filter(name__in=NAMES).count()


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


def test_others_see_how_far_it_is_before_anybody_is_in(own_database: str, small_chunks: None) -> None:
    cast = make_cast()
    roster, actor = receive(cast, *PEOPLE), cast.actor(cast.clerk)
    seen: list[tuple[int, int, bool]] = []

    def step(done: int, total: int) -> None:
        roster_lines.note_progress(actor, roster, done, total)
        with closing(connections.create_connection("default")) as other, other.cursor() as cursor:
            cursor.execute(
                "select done, total, exists (select from members_person where name = any(%s))"
                " from members_rosterimport where id = %s",
                [NAMES, roster.pk],
            )
            seen.append(cursor.fetchone())

    rosters.apply_roster(actor, roster, step)
    assert seen == [(done, len(NAMES), False) for done in range(5, len(NAMES) + 1, 5)]


def test_the_worker_takes_the_job_and_finishes_it(own_database: str) -> None:
    cast = make_cast()
    roster = receive(cast, *PEOPLE)
    rosters.confirm_roster(cast.actor(cast.clerk), roster)
    work()
    roster.refresh_from_db()
    assert (roster.state, roster.done, came_in()) == ("done", len(NAMES), len(NAMES))
    assert ProcrastinateJob.objects.get(task_name=rosters.TASK).status == "succeeded"
