"""The rows of a roster before anybody comes in: read from the file and judged, judged again, or corrected."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from django.db import connection, connections, transaction

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.ahead import ahead
from sangyu.kit.copying import copy_rows
from sangyu.kit.garbage import seldom_collected
from sangyu.kit.refusals import Conflict, require
from sangyu.members import rules
from sangyu.members.metrics import ROSTER
from sangyu.members.models import RosterColumn, RosterImport, RosterLine
from sangyu.members.models.roster import READING, ImportState, LineState, seal_json
from sangyu.members.queries import rosters
from sangyu.members.queries.missing_branches import Named
from sangyu.members.queries.repeated_lines import same_name, same_number
from sangyu.members.queries.roster_check import branches_by_name, indexed, verdicts
from sangyu.members.roster.apart import opened_safely
from sangyu.members.roster.entry import RosterRefused, RosterRow
from sangyu.members.roster.reading import RosterFile
from sangyu.members.roster.rows import RowCells, read_entry
from sangyu.members.roster_jobs import nobody_goes
from sangyu.members.stored_lines import COLUMNS, copied, mark, refuse_line, row_again, write_row

Step = Callable[[int, int], None]  # rows done, rows in all

READ_LOCK = 5  # first key of the advisory lock, second is the roster
CHUNK = 4000  # rows read, judged and written at once
REFUSAL_LENGTH = 300
MARKED = ("state", "branch", "person", "problems_sealed")
OPEN = (LineState.READY, LineState.KNOWN, LineState.BAD)
QUIET = (ImportState.READ, ImportState.DONE)
BUSY = "这份花名册正在读取或者导入，请等它完成以后再改。"


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


@transaction.atomic
def read_lines(actor: Actor, roster: RosterImport, step: Step = _silent) -> RosterImport:
    """Read the file of a roster just received into its rows; judge the open rows anew when it was read before.

    It ends READ, UNCLEAR (somebody has to say what a column means) or REFUSED, all or nothing. Raises NotAllowed,
    and Conflict when it was given up meanwhile.
    """
    require(rules.may_import(actor, roster.organization))
    with connection.cursor() as cursor:  # a job that was thought lost may still be alive
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [READ_LOCK, roster.pk])
    nobody_goes()
    # No row lock: the progress is written to this row by another connection, which would wait for ever.
    roster = RosterImport.objects.select_related("organization").get(pk=roster.pk)
    if roster.state != ImportState.RECEIVED:
        return roster
    if roster.lines.exists():
        _look_again(actor, roster, step)
        return roster
    try:
        reading = opened_safely(roster.content, clock.today(), _synonyms(roster))
        with transaction.atomic(), seldom_collected(), reading as file:
            _read(actor, roster, file, step)
    except RosterRefused as refused:
        roster.state, roster.refusal = ImportState.REFUSED, f"{refused}。"[:REFUSAL_LENGTH]
        roster.save(update_fields=["state", "refusal"])
    return roster


@transaction.atomic
def restate_lines(actor: Actor, roster: RosterImport, texts: Mapping[int, dict[str, str]]) -> list[RosterLine]:
    """Corrected texts (field -> text) of rows by their id, read and judged as a file's row is; returns the rows.

    Fields that are not named stay as they stood, so does the branch of the sheet. Rows that came in before never
    change. Raises Conflict while the roster is being read or brought in.
    """
    require(rules.may_import(actor, roster.organization))
    nobody_goes()
    roster = RosterImport.objects.select_for_update(of=["self"]).select_related("organization").get(pk=roster.pk)
    if roster.state not in QUIET:
        raise Conflict(BUSY)
    open_lines = roster.lines.filter(pk__in=list(texts), state__in=(*OPEN, LineState.LEFT_OUT))
    lines = list(open_lines.select_related("branch").order_by("id"))
    reading = roster.reading
    columns = reading["columns"]
    rows = [_restated(roster, columns, line, texts[line.pk]) for line in lines]
    judged = verdicts(roster.organization, branches_by_name(roster.organization), columns, roster.as_of, rows)
    named = Named(reading.get("missing", ()))
    for line, verdict in zip(lines, judged, strict=True):
        if line.branch is None:
            named.forget(row_again(line).entry)
        write_row(line, verdict.row)
        mark(line, verdict)
        if verdict.branch is None:
            named.note(verdict.row.entry, roster.as_of)
    RosterLine.objects.bulk_update(lines, ["text_sealed", "number_index", "name_index", *MARKED])
    _refuse_repeats(actor, roster, columns, [line.pk for line in lines])
    roster.reading_sealed = seal_json({**reading, "missing": named.told()}, READING)
    _settle(actor, roster)
    return list(roster.lines.filter(pk__in=list(texts)).order_by("id"))


def note_progress(actor: Actor, roster: RosterImport, done: int, total: int) -> None:
    """How far it is, over a connection of its own: others see it move while the rows themselves are not yet there."""
    require(rules.may_import(actor, roster.organization))
    with closing(connections.create_connection("default")) as aside, aside.cursor() as cursor:
        cursor.execute("update members_rosterimport set done = %s, total = %s where id = %s", [done, total, roster.pk])


def _synonyms(roster: RosterImport) -> dict[str, str]:
    """What the office has said of its columns."""
    said = RosterColumn.objects.filter(organization_id=roster.organization.line[0])
    return dict(said.values_list("label", "field"))


def _read(actor: Actor, roster: RosterImport, file: RosterFile, step: Step) -> None:
    given = roster.reading.get("as_of")
    roster.as_of = roster.as_of if given else min(file.as_of or clock.today(), clock.today())
    named = Named(())
    if not file.unclear:
        branches, done = branches_by_name(roster.organization), 0
        for rows in ahead(_chunks(iter(file.rows))):
            numbers = indexed(row.entry for row in rows if row.entry)
            judged = verdicts(roster.organization, branches, file.columns, roster.as_of, rows, numbers)
            copy_rows("members_rosterline", COLUMNS, copied(roster.pk, judged, numbers))
            for verdict in judged:
                if verdict.branch is None:
                    named.note(verdict.row.entry, roster.as_of)
            done += len(rows)
            step(done, file.total)
        _refuse_repeats(actor, roster, file.columns)
    _still_wanted(roster)
    roster.reading_sealed = seal_json({**_reading(file), "as_of": given, "missing": named.told()}, READING)
    roster.refusal = f"{file.refusal}。"[:REFUSAL_LENGTH] if file.unclear else ""
    _settle(actor, roster, ImportState.UNCLEAR if file.unclear else ImportState.READ)
    journal.record(actor, "members.roster_read", (ROSTER, roster.pk), roster.organization_id, **_counts(actor, roster))


def _look_again(actor: Actor, roster: RosterImport, step: Step) -> None:
    """Only rows not yet in can have changed, such as those of a branch founded since."""
    reading, branches = roster.reading, branches_by_name(roster.organization)
    named, before = Named(()), _counts(actor, roster)
    total = sum(before[state] for state in OPEN)
    for done, lines in _open_lines(roster):
        rows = [row_again(line) for line in lines]
        judged = verdicts(roster.organization, branches, reading["columns"], roster.as_of, rows)
        changed = []
        for line, verdict in zip(lines, judged, strict=True):
            if verdict.branch is None:
                named.note(verdict.row.entry, roster.as_of)
            if (line.state, line.branch_id) != (verdict.state, verdict.branch and verdict.branch.pk):
                mark(line, verdict)
                changed.append(line)
        RosterLine.objects.bulk_update(changed, MARKED, batch_size=500)
        step(done, total)
    _refuse_repeats(actor, roster, reading["columns"])
    _still_wanted(roster)
    roster.reading_sealed = seal_json({**reading, "missing": named.told()}, READING)
    _settle(actor, roster)
    if (after := _counts(actor, roster)) != before:
        journal.record(actor, "members.roster_looked_again", (ROSTER, roster.pk), roster.organization_id, **after)


def _open_lines(roster: RosterImport) -> Iterator[tuple[int, list[RosterLine]]]:
    """Rows that could still change, chunk by chunk, with how many these make so far."""
    last, done = 0, 0
    waiting = roster.lines.filter(state__in=OPEN).select_related("branch").order_by("id")
    while lines := list(waiting.filter(pk__gt=last)[:CHUNK]):
        last, done = lines[-1].pk, done + len(lines)
        yield done, lines


def _restated(
    roster: RosterImport, columns: Mapping[str, Mapping[str, str]], line: RosterLine, texts: Mapping[str, str]
) -> RosterRow:
    before = row_again(line)
    text = {**before.text, **texts}
    # Dates may not lie after the day of the roster, as when its file was read.
    latest = min(roster.as_of, clock.today())
    entry, problems = read_entry(RowCells(text), columns.get(line.sheet, {}), branch=before.branch, latest=latest)
    return RosterRow(line.sheet, line.number, text, entry, problems, before.branch)


def _refuse_repeats(
    actor: Actor, roster: RosterImport, columns: Mapping[str, Mapping[str, str]], late: Sequence[int] = ()
) -> None:
    """Rows that name somebody a second time stay out."""
    for line, problem in same_number(actor, roster, columns, late):
        refuse_line(line, problem, unread=True)
        line.save(update_fields=["text_sealed", "number_index", "name_index", *MARKED])
    for line, problem in same_name(actor, roster, columns, late):
        refuse_line(line, problem, unread=False)
        line.save(update_fields=MARKED)


def _still_wanted(roster: RosterImport) -> None:
    """Somebody may have given it up while it was read: then nothing of it is kept. Raises Conflict.

    From here on the row is held, so that the progress may no longer be written.
    """
    if RosterImport.objects.select_for_update().only("state").get(pk=roster.pk).state != ImportState.RECEIVED:
        raise Conflict("这份花名册已经放弃，不再读取。")


def _settle(actor: Actor, roster: RosterImport, state: ImportState | None = None) -> None:
    """Rows to bring in, and what may be done with the roster next: confirmed if there are any."""
    counts = rosters.line_counts(actor, roster)
    roster.total, roster.done = counts[LineState.READY], 0
    came = counts[LineState.IMPORTED] and not roster.total
    roster.state = state or (ImportState.DONE if came else ImportState.READ)
    roster.save(update_fields=["state", "total", "done", "as_of", "reading_sealed", "refusal"])


def _counts(actor: Actor, roster: RosterImport) -> dict[str, Any]:
    counts = rosters.line_counts(actor, roster)
    return {state.value: counts[state] for state in OPEN}


def _reading(file: RosterFile) -> dict[str, Any]:
    return {
        "title": file.title,
        "columns": file.columns,
        "ignored": file.ignored,
        "skipped_sheets": file.skipped_sheets,
        "samples": file.samples,
        "unclear": file.unclear,
    }


def _chunks(rows: Iterator[RosterRow]) -> Iterator[list[RosterRow]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
