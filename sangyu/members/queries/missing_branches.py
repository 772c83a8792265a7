"""Branches that a roster names and that do not exist yet: the office's first roster names them all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.members.models import RosterImport
from sangyu.members.models.roster import ImportState, LineState
from sangyu.members.queries.roster_check import branches_by_name
from sangyu.members.queries.rosters import lines_of
from sangyu.members.roster.entry import RosterEntry
from sangyu.members.roster.reading import read_roster
from sangyu.members.roster.sheets import tidy


@dataclass(frozen=True, slots=True)
class MissingBranch:
    """As the roster writes it, with how many people, and the earliest day somebody belonged to it."""

    name: str
    people: int
    since: date


def missing_branches(actor: Actor, roster: RosterImport) -> list[MissingBranch]:
    """Branches of the roster that nobody has founded, in file order. The file is read again only when there are any."""
    unknown = lines_of(actor, roster).filter(state=LineState.BAD, branch__isnull=True)
    if roster.organization.is_branch or roster.state == ImportState.QUEUED or not unknown.exists():
        return []
    there = branches_by_name(roster.organization)
    entries = [row.entry for row in read_roster(roster.content, clock.today()).rows if row.entry]
    return _grouped((entry for entry in entries if entry.branch and tidy(entry.branch) not in there), roster.as_of)


def _grouped(entries: Iterable[RosterEntry], as_of: date) -> list[MissingBranch]:
    named: dict[str, list[RosterEntry]] = {}
    for entry in entries:
        named.setdefault(tidy(entry.branch), []).append(entry)
    return [
        MissingBranch(found[0].branch, len(found), min(e.since.day if e.since else as_of for e in found))
        for found in named.values()
    ]
