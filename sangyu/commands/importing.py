"""Importing a roster from the command line: received and written at once, or only looked through."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import Refusal
from sangyu.members.actions import rosters as actions
from sangyu.members.models import Organization, RosterImport
from sangyu.members.models.roster import ImportState, LineState
from sangyu.members.queries import rosters as queries


def import_roster(
    actor: Actor,
    into: str,
    file_name: str,
    content: bytes,
    as_of: date | None,
    dry_run: bool,
    step: Callable[[int, int], None],
) -> dict[str, Any]:
    """What came in (or would), and sheet, row, column, reason of everything that did not. Raises Refusal."""
    organization = _organization(actor, into)
    before = queries.roster_of_file(actor, organization, content)
    with transaction.atomic():
        roster = actions.receive_roster(actor, organization, file_name, content, as_of, step)
        again = before is not None and roster.state == ImportState.DONE
        if not dry_run:
            roster = actions.apply_roster(actor, roster, step)
        result = _result(actor, roster)
        transaction.set_rollback(dry_run)
    return {**result, "again": again, "dry_run": dry_run}


def _organization(actor: Actor, name: str) -> Organization:
    found = list(queries.organizations_open_to_import(actor).filter(name=name).select_related("parent"))
    if not found:
        raise Refusal(f"没有找到组织“{name}”。请写组织的全称。")
    if len(found) > 1:
        above = "、".join(one.parent.name for one in found if one.parent)
        raise Refusal(f"有{len(found)}个组织都叫“{name}”，上级是{above}。请改为导入到上级组织。")
    return found[0]


def _result(actor: Actor, roster: RosterImport) -> dict[str, Any]:
    lines = queries.lines_of(actor, roster).filter(problems_sealed__isnull=False)
    rows = [
        {
            "sheet": line.sheet,
            "row": line.number,
            "column": column,
            "reason": reason,
            "imported": line.state == LineState.IMPORTED,
        }
        for line in lines
        for column, reason in line.problems
    ]
    return {"counts": queries.line_counts(actor, roster), "rows": rows}
