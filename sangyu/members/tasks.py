"""Background work of the members' area: a confirmed roster comes in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sangyu.kit.refusals import Refusal
from sangyu.members.actions import rosters
from sangyu.members.models import RosterImport
from sangyu.members.queries import people

TOLD_EACH = 20  # rows


@app.task(name=rosters.TASK, retry=RetryStrategy(max_attempts=3, wait=5))
def apply_roster(roster_id: int, person_id: int) -> None:
    """Bring in the roster in the name of who confirmed it, with the rights of now."""
    actor = people.actor_of(person_id, "worker")
    roster = RosterImport.objects.select_related("organization").get(pk=roster_id)
    try:
        with progress_of(roster_id) as step:
            rosters.apply_roster(actor, roster, step)
    except Refusal as refused:
        rosters.give_up_roster(actor, roster, refused.sentence)


@contextmanager
def progress_of(roster_id: int) -> Iterator[Callable[[int, int], None]]:
    """Tell others how far it is, while the rows themselves are not yet to be seen: over a connection of its own."""
    aside = connections.create_connection("default")

    def step(done: int, total: int) -> None:
        if done % TOLD_EACH == 0:
            with aside.cursor() as cursor:
                cursor.execute(
                    "update members_rosterimport set done = %s, total = %s where id = %s", [done, total, roster_id]
                )

    try:
        yield step
    finally:
        aside.close()
