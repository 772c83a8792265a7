"""Bringing in a roster: stored, read by the worker, confirmed by a person, then written in one transaction."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import transaction

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import clock, crypto
from sangyu.kit.garbage import seldom_collected
from sangyu.kit.refusals import Conflict, Refusal, require
from sangyu.kit.tables import refused_by
from sangyu.members import roster_faults, rules
from sangyu.members.actions.roster_lines import read_lines
from sangyu.members.actions.roster_rows import bring_in
from sangyu.members.metrics import ROSTER
from sangyu.members.models import Organization, RosterImport
from sangyu.members.models.roster import CONTENT, READING, ImportState, LineState, seal_json
from sangyu.members.queries import rosters
from sangyu.members.roster.entry import RosterRefused
from sangyu.members.roster.opening import refuse_foreign
from sangyu.members.roster_jobs import held, one_after_the_other, queue

Step = Callable[[int, int], None]  # rows done, rows in all

READING_TASK = "sangyu.members.tasks.read_roster_file"
TASK = "sangyu.members.tasks.apply_roster"
NOT_DONE = (ImportState.READ, ImportState.QUEUED)
OPEN = (LineState.READY, LineState.KNOWN, LineState.BAD)
NOT_GIVEN_UP = (ImportState.RECEIVED, ImportState.UNCLEAR, *NOT_DONE)
NAME_LENGTH = 200


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


@transaction.atomic
def store_roster(
    actor: Actor, organization: Organization, file_name: str, content: bytes, as_of: date | None = None
) -> RosterImport:
    """Keep an uploaded roster and give it to the worker to read; nobody comes in yet.

    The same file again gives the import there is, its open rows to be looked at anew. `as_of`: the day the roster
    speaks of, else as its title says, else today. Raises Refusal for a day to come, and for what is no workbook.
    """
    roster = _store(actor, organization, file_name, content, as_of)
    if roster.state == ImportState.RECEIVED:
        queue(READING_TASK, actor, roster)
    return roster


@transaction.atomic
def receive_roster(
    actor: Actor,
    organization: Organization,
    file_name: str,
    content: bytes,
    as_of: date | None = None,
    step: Step = _silent,
) -> RosterImport:
    """`store_roster` and read it here and now. Raises Refusal for a file that can't be read, and nothing is kept."""
    roster = read_lines(actor, _store(actor, organization, file_name, content, as_of), step)
    if roster.state in (ImportState.REFUSED, ImportState.UNCLEAR):
        raise Refusal(roster.refusal)
    return roster


@transaction.atomic
def read_again(actor: Actor, roster: RosterImport) -> None:
    """Have the worker read the file anew, such as when the office has said what its columns mean.

    Raises Conflict while the worker has it, or when somebody came in by it already.
    """
    require(rules.may_import(actor, roster.organization))
    roster = held(roster)
    if roster.state not in (ImportState.UNCLEAR, ImportState.READ):
        raise Conflict("这份花名册正在读取或者已经导入，不能重新读取。")
    if roster.lines.filter(state=LineState.IMPORTED).exists():
        raise Conflict("这份花名册已经有人导入，不能重新读取。请改正有问题的行。")
    roster.lines.all().delete()
    _give_to_reader(actor, roster)


@transaction.atomic
def look_again(actor: Actor, roster: RosterImport) -> None:
    """Have the worker judge the open rows anew, such as when their branches have been founded."""
    require(rules.may_import(actor, roster.organization))
    roster = held(roster)
    if roster.state in (ImportState.READ, ImportState.DONE):
        _give_to_reader(actor, roster)


@transaction.atomic
def confirm_roster(actor: Actor, roster: RosterImport) -> None:
    """Give the roster to the worker. Pressed twice it comes in once; pressed later it starts a lost job anew.

    Raises Refusal when there is nothing to bring in.
    """
    require(rules.may_import(actor, roster.organization))
    roster = held(roster)
    if roster.state not in NOT_DONE:
        return
    if roster.state == ImportState.READ:
        if not roster.total:
            raise Refusal("这份花名册里没有可以导入的人。请先改正有问题的行，再上传。")
        roster.state, roster.done = ImportState.QUEUED, 0
        journal.record(actor, "members.roster_confirmed", (ROSTER, roster.pk), roster.organization_id)
    roster.by_id = actor.person_id  # the worker acts in the name of who pressed last
    roster.save(update_fields=["state", "done", "by"])
    queue(TASK, actor, roster)


@transaction.atomic
def apply_roster(actor: Actor, roster: RosterImport, step: Step = _silent) -> RosterImport:
    """Write everybody who can come in, all or nobody; done already, nothing happens. Raises NotAllowed, and
    Conflict when it was given up meanwhile.

    Rights and each row are looked at anew: what another import brought meanwhile is known, not an error.
    """
    require(rules.may_import(actor, roster.organization))
    one_after_the_other(roster.organization)
    # No row lock: the progress is written to this row by another connection, which would wait for ever.
    roster = RosterImport.objects.select_related("organization").defer("content_sealed").get(pk=roster.pk)
    if roster.state not in NOT_DONE:
        return roster
    with seldom_collected():
        total = bring_in(actor, roster, step)
    if held(roster).state not in NOT_DONE:
        raise Conflict("这份花名册已经放弃，没有导入。")
    roster.state, roster.total, roster.done = ImportState.DONE, total, total
    roster.save(update_fields=["state", "total", "done"])
    counts: dict[str, Any] = rosters.line_counts(actor, roster)
    journal.record(actor, "members.roster_imported", (ROSTER, roster.pk), roster.organization_id, **counts)
    return roster


@transaction.atomic
def give_up_roster(actor: Actor, roster: RosterImport, reason: str) -> None:
    """Not to be brought in after all, with the reason; the file may be uploaded again. Done already, it stays done.

    Where some of its people came in before, only its open rows are given up.
    """
    confirmed_it = actor.person_id is not None and actor.person_id == roster.by_id
    require(confirmed_it or rules.may_import(actor, roster.organization))
    came = roster.lines.filter(state=LineState.IMPORTED).exists()
    given_up = RosterImport.objects.filter(pk=roster.pk, state__in=NOT_GIVEN_UP)
    if given_up.update(state=ImportState.DONE if came else ImportState.REFUSED, refusal=reason):
        journal.record(actor, "members.roster_given_up", (ROSTER, roster.pk), roster.organization_id)


@transaction.atomic
def hand_out_faults(actor: Actor, roster: RosterImport) -> bytes:
    """A workbook of the rows to correct, as they stood, each with its reasons. It names people: recorded."""
    lines = list(rosters.faulty_lines(actor, roster))
    journal.record(actor, "members.roster_faults_taken", (ROSTER, roster.pk), roster.organization_id, rows=len(lines))
    return roster_faults.write_faults(lines, roster.reading["columns"])


def _store(
    actor: Actor, organization: Organization, file_name: str, content: bytes, as_of: date | None
) -> RosterImport:
    """The import of this file, new or there already, to be read if anything in it can have changed."""
    require(rules.may_import(actor, organization))
    if as_of and as_of > clock.today():
        raise Refusal("花名册截至日期不能晚于今天。")
    try:
        refuse_foreign(content)
    except RosterRefused as refused:
        raise Refusal(f"{refused}。") from refused
    received = RosterImport(
        organization=organization,
        by_id=actor.person_id,
        file_name=file_name[-NAME_LENGTH:],
        digest=sha256(content).digest(),
        content_sealed=crypto.seal_bytes(crypto.keyring(), content, CONTENT),
        reading_sealed=seal_json({"columns": {}, "as_of": as_of and as_of.isoformat()}, READING),
        as_of=as_of or clock.today(),
        state=ImportState.RECEIVED,
    )
    try:
        with refused_by("members_roster_once", Conflict):
            received.save(force_insert=True)
    except Conflict:
        return _met_again(actor, organization, content)
    journal.record(actor, "members.roster_received", (ROSTER, received.pk), organization.pk)
    return received


def _met_again(actor: Actor, organization: Organization, content: bytes) -> RosterImport:
    """The import of a file that was uploaded before, perhaps this very moment."""
    before = rosters.roster_of_file(actor, organization, content)
    assert before is not None  # the constraint has just met it
    roster = held(before)
    if roster.state in (ImportState.READ, ImportState.DONE) and roster.lines.filter(state__in=OPEN).exists():
        roster.state = ImportState.RECEIVED
        roster.save(update_fields=["state"])
    return roster


def _give_to_reader(actor: Actor, roster: RosterImport) -> None:
    roster.state, roster.total, roster.done, roster.by_id = ImportState.RECEIVED, 0, 0, actor.person_id
    roster.save(update_fields=["state", "total", "done", "by"])
    queue(READING_TASK, actor, roster)
