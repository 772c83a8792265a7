"""Correcting single rows of a roster in place, and leaving rows out, so that just these come in next."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit.refusals import Conflict, require
from sangyu.members import rules
from sangyu.members.actions.roster_lines import restate_lines
from sangyu.members.metrics import ROSTER
from sangyu.members.models import RosterImport, RosterLine
from sangyu.members.models.roster import ImportState, LineState
from sangyu.members.roster.columns import LABELS

OPEN = (LineState.BAD, LineState.READY, LineState.KNOWN, LineState.LEFT_OUT)
SETTLED = "这一行已经导入或撤销，不能再改。"
BUSY = "这份花名册正在读取或者导入，请等它完成以后再改。"
QUIET = (ImportState.READ, ImportState.DONE)


@transaction.atomic
def open_line(actor: Actor, line: RosterLine) -> None:
    """Somebody looks at a row with its numbers in clear: work on a roster, and recorded as such. Raises NotAllowed."""
    require(rules.may_import(actor, line.roster.organization))
    _record(actor, "members.roster_line_opened", line)


@transaction.atomic
def correct_line(actor: Actor, line: RosterLine, texts: Mapping[str, str]) -> RosterLine:
    """Put these texts into the row and judge it anew: ready, known, or still bad with its reasons.

    `texts`: field -> text; fields that are not named stay as they are. Raises Conflict for a row that is in already.
    """
    line = _taken(actor, line)
    before = line.text
    changed = sorted(field for field, text in texts.items() if field in LABELS and before.get(field, "") != text)
    (judged,) = restate_lines(actor, line.roster, {line.pk: dict(texts)})
    _record(actor, "members.roster_line_corrected", line, fields=changed)
    return judged


@transaction.atomic
def leave_out_line(actor: Actor, line: RosterLine) -> RosterLine:
    """The row does not come in, for good reason; correcting it later brings it back. Raises Conflict."""
    line = _taken(actor, line)
    if line.state != LineState.LEFT_OUT:
        line.state = LineState.LEFT_OUT
        line.save(update_fields=["state"])
        _count_again(line.roster)
        _record(actor, "members.roster_line_left_out", line)
    return line


def _count_again(roster: RosterImport) -> None:
    """What waits to come in; nothing, where the last corrected row of an import that is done was left out."""
    roster.total = roster.lines.filter(state=LineState.READY).count()
    if not roster.total and roster.lines.filter(state=LineState.IMPORTED).exists():
        roster.state = ImportState.DONE
    roster.save(update_fields=["total", "state"])


def _taken(actor: Actor, line: RosterLine) -> RosterLine:
    """The row as it stands now, held until the deed is done."""
    require(rules.may_import(actor, line.roster.organization))
    # The import first: whoever confirms or undoes it holds it too.
    roster = RosterImport.objects.select_for_update(of=["self"]).select_related("organization").get(pk=line.roster_id)
    if roster.state not in QUIET:
        raise Conflict(BUSY)
    taken = RosterLine.objects.select_for_update(of=["self"]).get(pk=line.pk)
    if taken.state not in OPEN:
        raise Conflict(SETTLED)
    taken.roster = roster
    return taken


def _record(actor: Actor, verb: str, line: RosterLine, **detail: Any) -> None:
    roster = line.roster
    journal.record(actor, verb, (ROSTER, roster.pk), roster.organization_id, row=line.number, line=line.pk, **detail)
