"""Background work of the members' area: a confirmed roster comes in."""

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

    def step(done: int, total: int) -> None:
        if done % TOLD_EACH == 0:
            rosters.note_progress(actor, roster, done, total)

    try:
        rosters.apply_roster(actor, roster, step)
    except Refusal as refused:
        rosters.give_up_roster(actor, roster, refused.sentence)
