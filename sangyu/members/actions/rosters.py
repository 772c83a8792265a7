"""Bringing in a roster: received and looked through, confirmed by a person, then written in one transaction."""

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import connection, connections, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import clock, crypto
from sangyu.kit.refusals import Conflict, Refusal, require
from sangyu.kit.tables import refused_by
from sangyu.members import roster_faults, rules
from sangyu.members.actions.roster_rows import bring_in
from sangyu.members.metrics import ROSTER
from sangyu.members.models import Organization, RosterImport, RosterLine
from sangyu.members.models.roster import (
    CONTENT,
    PROBLEMS,
    READING,
    TEXT,
    ImportState,
    LineState,
    seal_json,
)
from sangyu.members.queries import rosters
from sangyu.members.queries.roster_check import Verdict, verdicts
from sangyu.members.roster.entry import Roster, RosterRefused
from sangyu.members.roster.reading import read_roster

Step = Callable[[int, int], None]  # rows done, rows in all

TASK = "sangyu.members.tasks.apply_roster"
ROSTER_LOCK = 3  # first key of the advisory lock, second is the root organization
NOT_DONE = (ImportState.READ, ImportState.QUEUED)
NAME_LENGTH = 200
STATES = (LineState.READY, LineState.KNOWN, LineState.BAD)


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


@transaction.atomic
def receive_roster(
    actor: Actor, organization: Organization, file_name: str, content: bytes, as_of: date | None = None
) -> RosterImport:
    """Look through an uploaded roster; nobody comes in yet. The same file again gives the import there is.

    `as_of`: the day the roster speaks of, else as its title says, else today. Raises Refusal for an unreadable file.
    """
    require(rules.may_import(actor, organization))
    _check_day(as_of)
    roster = _read(content)
    if before := rosters.roster_of_file(actor, organization, content):
        return _look_again(actor, before, roster)
    received = RosterImport(
        organization=organization,
        by_id=actor.person_id,
        file_name=file_name[-NAME_LENGTH:],
        digest=sha256(content).digest(),
        content_sealed=crypto.seal_bytes(crypto.keyring(), content, CONTENT),
        reading_sealed=seal_json(_reading(roster), READING),
        as_of=as_of or min(roster.as_of or clock.today(), clock.today()),
    )
    try:
        with refused_by("members_roster_once", Conflict):
            received.save(force_insert=True)
    except Conflict:  # somebody sent the same file at this very moment
        return RosterImport.objects.exclude(state=ImportState.REFUSED).get(
            organization=organization, digest=received.digest
        )
    judged = verdicts(organization, roster, received.as_of, roster.rows)
    RosterLine.objects.bulk_create([_line(received, verdict) for verdict in judged])
    _count_ready(received, judged)
    journal.record(actor, "members.roster_received", (ROSTER, received.pk), organization.pk, **_counts(judged))
    return received


@transaction.atomic
def confirm_roster(actor: Actor, roster: RosterImport) -> None:
    """Give the roster to the worker. Pressed twice it comes in once; pressed later it starts a lost job anew.

    Raises Refusal when there is nothing to bring in.
    """
    require(rules.may_import(actor, roster.organization))
    roster = RosterImport.objects.select_for_update(of=["self"]).select_related("organization").get(pk=roster.pk)
    if roster.state not in NOT_DONE:
        return
    if roster.state == ImportState.READ:
        if not roster.total:
            raise Refusal("这份花名册里没有可以导入的人。请先改正有问题的行，再上传。")
        roster.state, roster.done = ImportState.QUEUED, 0
        journal.record(actor, "members.roster_confirmed", (ROSTER, roster.pk), roster.organization_id)
    roster.by_id = actor.person_id  # the worker acts in the name of who pressed last
    roster.save(update_fields=["state", "done", "by"])
    _queue(actor, roster)


@transaction.atomic
def apply_roster(actor: Actor, roster: RosterImport, step: Step = _silent) -> RosterImport:
    """Write everybody who can come in, all or nobody; done already, nothing happens. Raises NotAllowed.

    Rights and each row are looked at anew: what another import brought meanwhile is known, not an error.
    """
    require(rules.may_import(actor, roster.organization))
    _one_after_the_other(roster.organization)
    # No row lock: the progress is written to this row by another connection, which would wait for ever.
    roster = RosterImport.objects.select_related("organization").get(pk=roster.pk)
    if roster.state not in NOT_DONE:
        return roster
    ready = {(line.sheet, line.number): line for line in roster.lines.filter(state=LineState.READY).order_by("id")}
    contents = _read(roster.content)
    rows = [row for row in contents.rows if (row.sheet, row.number) in ready]
    judged = verdicts(roster.organization, contents, roster.as_of, rows)
    for done, verdict in enumerate(judged, start=1):
        _settle(actor, roster, ready[verdict.row.sheet, verdict.row.number], verdict)
        step(done, len(judged))
    _rewrite(list(ready.values()))
    roster.state, roster.total, roster.done = ImportState.DONE, len(judged), len(judged)
    roster.save(update_fields=["state", "total", "done"])
    counts: dict[str, Any] = rosters.line_counts(actor, roster)
    journal.record(actor, "members.roster_imported", (ROSTER, roster.pk), roster.organization_id, **counts)
    return roster


def note_progress(actor: Actor, roster: RosterImport, done: int, total: int) -> None:
    """How far it is, over a connection of its own: others see it move while the rows themselves are not yet there."""
    require(rules.may_import(actor, roster.organization))
    with closing(connections.create_connection("default")) as aside, aside.cursor() as cursor:
        cursor.execute("update members_rosterimport set done = %s, total = %s where id = %s", [done, total, roster.pk])


@transaction.atomic
def give_up_roster(actor: Actor, roster: RosterImport, reason: str) -> None:
    """Not to be brought in after all, with the reason; the file may be uploaded again. Done already, it stays done."""
    confirmed_it = actor.person_id is not None and actor.person_id == roster.by_id
    require(confirmed_it or rules.may_import(actor, roster.organization))
    given_up = RosterImport.objects.filter(pk=roster.pk, state__in=NOT_DONE)
    if given_up.update(state=ImportState.REFUSED, refusal=reason):
        journal.record(actor, "members.roster_given_up", (ROSTER, roster.pk), roster.organization_id)


@transaction.atomic
def hand_out_faults(actor: Actor, roster: RosterImport) -> bytes:
    """A workbook of the rows to correct, as they stood, each with its reasons. It names people: recorded."""
    lines = list(rosters.faulty_lines(actor, roster))
    journal.record(actor, "members.roster_faults_taken", (ROSTER, roster.pk), roster.organization_id, rows=len(lines))
    return roster_faults.write_faults(lines, roster.reading["columns"])


def _queue(actor: Actor, roster: RosterImport) -> None:
    """The job in this very transaction. It is named, not imported: the task itself calls these actions."""
    task = app.configure_task(TASK, queueing_lock=f"members.roster.{roster.pk}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.defer(roster_id=roster.pk, person_id=actor.person_id)


def _check_day(as_of: date | None) -> None:
    if as_of and as_of > clock.today():
        raise Refusal("花名册截至日期不能晚于今天。")


def _read(content: bytes) -> Roster:
    try:
        return read_roster(content, clock.today())
    except RosterRefused as refused:
        raise Refusal(f"{refused}。") from refused


def _reading(roster: Roster) -> dict[str, object]:
    return {
        "title": roster.title,
        "columns": roster.columns,
        "ignored": roster.ignored,
        "skipped_sheets": roster.skipped_sheets,
    }


def _look_again(actor: Actor, received: RosterImport, roster: Roster) -> RosterImport:
    """The same file: only rows not yet in can have changed, such as those of a branch founded since."""
    if received.state == ImportState.QUEUED:
        return received
    _one_after_the_other(received.organization)
    received.refresh_from_db(fields=["state"])
    open_lines = received.lines.exclude(state=LineState.IMPORTED).order_by("id")
    lines = {(line.sheet, line.number): line for line in open_lines}
    rows = [row for row in roster.rows if (row.sheet, row.number) in lines]
    judged = verdicts(received.organization, roster, received.as_of, rows)
    if all(lines[v.row.sheet, v.row.number].state == v.state for v in judged):
        return received
    for verdict in judged:
        _mark(lines[verdict.row.sheet, verdict.row.number], verdict)
    _rewrite(list(lines.values()))
    _count_ready(received, judged)
    if received.total:
        received.state = ImportState.READ
        received.save(update_fields=["state"])
    subject = (ROSTER, received.pk)
    journal.record(actor, "members.roster_looked_again", subject, received.organization_id, **_counts(judged))
    return received


def _line(roster: RosterImport, verdict: Verdict) -> RosterLine:
    row = verdict.row
    line = RosterLine(roster=roster, sheet=row.sheet, number=row.number, text_sealed=seal_json(row.text, TEXT))
    _mark(line, verdict)
    return line


def _mark(line: RosterLine, verdict: Verdict) -> None:
    line.state, line.branch, line.person = verdict.state, verdict.branch, verdict.person
    problems = [(problem.column, problem.reason) for problem in verdict.problems]
    line.problems_sealed = seal_json(problems, PROBLEMS) if problems else None


def _settle(actor: Actor, roster: RosterImport, line: RosterLine, verdict: Verdict) -> None:
    """One row: its person comes in, or the line says why not."""
    if verdict.state == LineState.READY:
        verdict = bring_in(actor, roster, verdict)
    _mark(line, verdict)


def _rewrite(lines: list[RosterLine]) -> None:
    RosterLine.objects.bulk_update(lines, ["state", "branch", "person", "problems_sealed"], batch_size=500)


def _count_ready(roster: RosterImport, judged: Sequence[Verdict]) -> None:
    roster.total = sum(verdict.state == LineState.READY for verdict in judged)
    roster.done = 0
    roster.save(update_fields=["total", "done"])


def _counts(judged: Sequence[Verdict]) -> dict[str, Any]:
    return {state.value: sum(verdict.state == state for verdict in judged) for state in STATES}


def _one_after_the_other(organization: Organization) -> None:
    """Two imports of one office at once go one after the other: the second then sees what the first brought."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [ROSTER_LOCK, organization.line[0]])
