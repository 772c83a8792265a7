"""Background work of the members' area: an uploaded roster is read, a confirmed one comes in, an import is undone."""

from collections.abc import Callable

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import Refusal
from sangyu.members.actions import roster_lines, roster_undo, rosters
from sangyu.members.models import RosterImport
from sangyu.members.queries import people

RETRY = RetryStrategy(max_attempts=3, wait=5)


@app.task(name=rosters.READING_TASK, retry=RETRY)
def read_roster_file(roster_id: int, person_id: int) -> None:
    """Read the roster in the name of who uploaded it."""
    _do(roster_lines.read_lines, roster_id, person_id)


@app.task(name=rosters.TASK, retry=RETRY)
def apply_roster(roster_id: int, person_id: int) -> None:
    """Bring in the roster in the name of who confirmed it, with the rights of now."""
    _do(rosters.apply_roster, roster_id, person_id)


@app.task(name=roster_undo.UNDOING_TASK, retry=RETRY)
def undo_roster(roster_id: int, person_id: int) -> None:
    """Undo the import in the name of who asked for it."""
    actor, roster = _whose(roster_id, person_id)
    try:
        roster_undo.undo_roster(actor, roster)
    except Refusal as refused:
        roster_undo.refuse_to_undo(actor, roster, refused.sentence)


def _whose(roster_id: int, person_id: int) -> tuple[Actor, RosterImport]:
    """Who asked, with the rights of now, and for which roster."""
    roster = RosterImport.objects.select_related("organization").defer("content_sealed").get(pk=roster_id)
    return people.actor_of(person_id, "worker"), roster


def _do(deed: Callable[[Actor, RosterImport, rosters.Step], RosterImport], roster_id: int, person_id: int) -> None:
    actor, roster = _whose(roster_id, person_id)
    try:
        deed(actor, roster, lambda done, total: roster_lines.note_progress(actor, roster, done, total))
    except Refusal as refused:
        rosters.give_up_roster(actor, roster, refused.sentence)
