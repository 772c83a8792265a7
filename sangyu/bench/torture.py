"""Random concurrent life on real connections; a checker holds every figure equal to its plain count all the time.

Writers restate, take all back, use savepoints, roll back; long transactions sleep; organizations are founded and moved;
the worker folds in bites of 1, 7 or 1,000 and seals. Bounded in the tests, longer in `sangyu bench fold`.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from random import Random

from django.db import OperationalError, connection, connections, transaction
from psycopg.errors import DeadlockDetected

from sangyu.config.environment import APP, WORKER
from sangyu.journal.actions import record, seal
from sangyu.journal.actor import Actor, Office, machine
from sangyu.journal.declare import Fact, Metric, Source
from sangyu.kit.refusals import Refusal
from sangyu.members.actions.organizations import found_office, found_organization, move_organization
from sangyu.members.models import Organization
from sangyu.tallies import actions, queries
from sangyu.tallies.actions import GOES_UP, fold

METRICS = (Metric(901, "torture.count", "次数", "次"), Metric(902, "torture.people", "人数", "人", "distinct"))
SOURCE = Source(903, "torture.record", "记录")
OPERATOR = machine("command", "members.found_office", "members.read_all")
WORKING = machine("worker", "tallies.fold", "journal.seal")
FOUNDED = date(2020, 1, 1)
NODES = 60

# The broken twin: facts above the last seen id, as if ids were committed in their order. What commits late is lost.
BY_LAST_ID = f"""
with gone as (delete from journal_delta),
own as (select metric, organization_id, date_trunc('month', "on"::timestamp)::date as month, sum(amount)::bigint amount
          from journal_fact where id > %s and id <= %s group by 1, 2, 3),
{GOES_UP}
insert into tallies_tally as t (metric, organization_id, month, own, total) select * from tallies
on conflict (metric, organization_id, month)
do update set own = t.own + excluded.own, total = t.total + excluded.total"""


class Undone(Exception):
    """A writer thinks better of it."""


@dataclass
class Torture:
    """One run: how often everybody came round, and what the checker found."""

    seed: int
    fold_by_last_id: bool = False
    rounds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _seen: int = 0

    def run(self, seconds: float) -> None:
        """Grow a tree, let everybody loose on it, and add up what is left at the end."""
        self._grow()
        life: list[tuple[str, str, Callable[[Random], None]]] = [
            *((f"writer{n}", APP, self._write) for n in range(3)),
            ("long", APP, self._write_slowly),
            ("mover", APP, self._move),
            ("founder", APP, self._found),
            ("fold", WORKER, self._fold),
            ("seal", WORKER, self._seal),
            ("checker", APP, self._check),
        ]
        with ThreadPoolExecutor(len(life)) as pool:
            lives = [pool.submit(self._live, *one) for one in life]
            self._over.wait(seconds)
            self._over.set()
        for one in lives:
            one.result()  # whatever ended one of them early is raised here

    def _live(self, name: str, role: str, deed: Callable[[Random], None]) -> None:
        """One connection as one role, over and over until the end."""
        connection.settings_dict = {**connection.settings_dict, "USER": role}
        r = Random(f"{self.seed}{name}")
        try:
            while not self._over.is_set():
                try:
                    deed(r)
                    self.rounds[name] += 1
                except OperationalError as failed:
                    if not isinstance(failed.__cause__, DeadlockDetected):  # of two writers, one is undone whole
                        raise
                    self.rounds["deadlock"] += 1
        finally:
            self._over.set()
            connections.close_all()

    def _grow(self) -> None:
        found_office(OPERATOR, f"试验局{self.seed}", "甲", FOUNDED)
        root = Organization.objects.get(name=f"试验局{self.seed}")
        self.nodes, self.bureau = [root.pk], Actor(offices=(Office("bureau", root.pk),))
        r, self.grown = Random(self.seed), 0
        while len(self.nodes) < NODES:
            self._found(r)

    def _some(self, r: Random) -> Organization:
        return Organization.objects.get(pk=r.choice(self.nodes))

    def _facts(self, r: Random) -> list[Fact]:
        """None to six; equal ones may stand twice."""
        people = [None, *range(30)]
        found = [
            Fact(r.choice(METRICS).number, r.choice(self.nodes), r.choice(people), _day(r), r.choice([1, 5]))
            for _ in range(r.randint(0, 6))
        ]
        return found + found[:1] if r.random() < 0.3 else found

    def _state(self, r: Random) -> None:
        facts = None if r.random() < 0.1 else self._facts(r)
        record(self.bureau, "torture.stated", (SOURCE, r.randint(1, 60)), None, facts)

    def _write(self, r: Random) -> None:
        with suppress(Undone), transaction.atomic():
            for _ in range(r.choice([1, 1, 1, 3])):
                with suppress(Undone), transaction.atomic():
                    self._state(r)
                    if r.random() < 0.1:
                        raise Undone
            if r.random() < 0.1:
                time.sleep(r.random() * 0.05)
                raise Undone

    def _write_slowly(self, r: Random) -> None:
        """Numbers taken early and committed late."""
        with transaction.atomic():
            for n in range(3):
                record(self.bureau, "torture.stated", (SOURCE, 1000 + n), None, self._facts(r))
                self._over.wait(r.random() * 0.3)

    def _move(self, r: Random) -> None:
        organization, parent = self._some(r), self._some(r)
        with suppress(Refusal):
            move_organization(self.bureau, organization, parent, date(2024, r.randint(1, 12), 15))
            self.rounds["moved"] += 1
        time.sleep(0.02)

    def _found(self, r: Random) -> None:
        self.grown += 1
        parent = self._some(r)
        time.sleep(0.05 if len(self.nodes) >= NODES else 0)  # what it knows of its superior may be old by now
        new = found_organization(self.bureau, parent, f"第{self.grown}支部", "branch", FOUNDED)
        self.nodes = [*self.nodes, new.pk]

    def _fold(self, r: Random) -> None:
        if self.fold_by_last_id:
            self._fold_by_last_id()
        else:
            fold(WORKING, r.choice([1, 7, 1000]))
        time.sleep(r.random() * 0.01)

    @transaction.atomic
    def _fold_by_last_id(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, 0)", [actions.FOLD_LOCK])
            cursor.execute("select coalesce(max(id), 0) from journal_fact")
            newest = cursor.fetchone()[0]
            cursor.execute(BY_LAST_ID, [self._seen, newest])
            self._seen = newest

    def _seal(self, r: Random) -> None:
        seal(WORKING)
        time.sleep(0.05)

    def _check(self, r: Random) -> None:
        node, metric, then = self._some(r), r.choice(METRICS), r.random() < 0.3
        start, end = sorted([r.choice([date.min, _day(r)]), _day(r)])
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read read only")
            plain = queries.plain_figure(OPERATOR, metric, node, start, end, as_it_was=then)
            counted = queries.figure(OPERATOR, metric, node, start, end, as_it_was=then)
            several = queries.totals(OPERATOR, metric, [node.pk], start, end)[node.pk] if not then else plain
        if not plain == counted == several:
            self.wrong.append(f"{metric.code} {node.pk} {start} {end} {then}: {plain}, not {counted} or {several}")


def _day(r: Random) -> date:
    """A day of 2024; half of them the first of a month, so that whole months are asked for too."""
    return date(2024, r.randint(1, 12), r.choice([1, r.randint(1, 28)]))
