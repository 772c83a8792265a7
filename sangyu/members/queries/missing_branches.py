"""Branches that a roster names and that do not exist yet: the office's first roster names them all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import require
from sangyu.members import rules
from sangyu.members.models import RosterImport
from sangyu.members.models.roster import ImportState
from sangyu.members.queries.roster_check import branches_by_name
from sangyu.members.roster.entry import RosterEntry
from sangyu.members.roster.sheets import tidy

SETTLED = (ImportState.READ, ImportState.DONE)


@dataclass(frozen=True, slots=True)
class MissingBranch:
    """As the roster writes it, with how many people, and the earliest day somebody belonged to it."""

    name: str
    people: int
    since: date


class Named:
    """Counts the branches that rows name in vain, while the rows are read; kept with the reading, sealed."""

    def __init__(self, told: Iterable[Sequence[Any]]) -> None:
        self._found = {tidy(name): [name, people, since] for name, people, since in told}

    def note(self, entry: RosterEntry | None, as_of: date) -> None:
        if entry and entry.branch:
            since = (entry.since.day if entry.since else as_of).isoformat()
            found = self._found.setdefault(tidy(entry.branch), [entry.branch, 0, since])
            found[1], found[2] = found[1] + 1, min(found[2], since)

    def forget(self, entry: RosterEntry | None) -> None:
        """A row that was counted has been corrected. The earliest day stays: at worst a branch is founded too early."""
        if entry and (found := self._found.get(tidy(entry.branch))):
            found[1] -= 1

    def told(self) -> list[list[Any]]:
        """Name, people and day of each, as JSON can hold them."""
        return [found for found in self._found.values() if found[1] > 0]


def missing_branches(actor: Actor, roster: RosterImport) -> list[MissingBranch]:
    """Branches of the roster that nobody has founded, in file order."""
    require(rules.may_import(actor, roster.organization))
    named = roster.reading.get("missing", ())
    if not named or roster.organization.is_branch or roster.state not in SETTLED:
        return []
    there = branches_by_name(roster.organization)
    return [
        MissingBranch(name, people, date.fromisoformat(since))
        for name, people, since in named
        if tidy(name) not in there
    ]
