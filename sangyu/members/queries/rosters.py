"""Reading imports of rosters: what was uploaded, what would happen, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Count, Q, QuerySet

from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.refusals import Gone, require
from sangyu.members import rules
from sangyu.members.models import Organization, RosterImport, RosterLine
from sangyu.members.models.roster import ImportState, LineState


@dataclass(frozen=True, slots=True)
class Listed:
    """An import in a list: how many of its rows came in, and how many have to be corrected."""

    roster: RosterImport
    came_in: int
    to_correct: int


def importable_by(actor: Actor) -> Q:
    """`rules.may_import`, said to the database (about organizations)."""
    return Q() if actor.may("members.import_roster") else rules.administered_by(actor)


def organizations_open_to_import(actor: Actor) -> QuerySet[Organization]:
    """Where the actor may bring in a roster, by reading. Raises NotAllowed for those who import nowhere."""
    require(actor.may("members.import_roster") or bool(actor.realm(rules.BUREAU)))
    return Organization.objects.filter(importable_by(actor)).standing(clock.today()).order_by("reading", "id")


def rosters_seen_by(actor: Actor) -> QuerySet[RosterImport]:
    """Earlier imports of the organizations the actor administers, newest first."""
    seen = _of(actor).defer("content_sealed", "reading_sealed")
    return seen.select_related("organization", "by").order_by("-at", "-id")


def with_counts(actor: Actor, rosters: Sequence[RosterImport]) -> list[Listed]:
    """The imports of one page, with what came of their rows. One query."""
    shown = RosterLine.objects.filter(roster__in=_of(actor).filter(pk__in=[roster.pk for roster in rosters]))
    counts = {
        (roster_id, state): count
        for roster_id, state, count in shown.values_list("roster_id", "state").annotate(count=Count("id"))
    }
    return [
        Listed(one, counts.get((one.pk, LineState.IMPORTED), 0), counts.get((one.pk, LineState.BAD), 0))
        for one in rosters
    ]


def roster_seen_by(actor: Actor, roster_id: int) -> RosterImport:
    """One import, without the file itself. Raises Gone when the actor may not see it."""
    roster = _of(actor).select_related("organization", "by").defer("content_sealed").filter(pk=roster_id).first()
    if roster is None:
        raise Gone()
    return roster


def roster_of_file(actor: Actor, organization: Organization, content: bytes) -> RosterImport | None:
    """The earlier import of the very same file for the same organization, if any."""
    digest = sha256(content).digest()
    standing = _of(actor).exclude(state__in=[ImportState.REFUSED, ImportState.UNDONE])
    return standing.filter(organization=organization, digest=digest).first()


def line_counts(actor: Actor, roster: RosterImport) -> dict[str, int]:
    """Rows by state; every state is there."""
    rows = lines_of(actor, roster).order_by().values_list("state").annotate(count=Count("id"))
    return {**dict.fromkeys(LineState.values, 0), **dict(rows)}


def faulty_lines(actor: Actor, roster: RosterImport) -> QuerySet[RosterLine]:
    """Rows that cannot come in, in file order."""
    return lines_of(actor, roster).filter(state=LineState.BAD)


def first_problems(actor: Actor, roster: RosterImport, size: int) -> tuple[list[RosterLine], list[RosterLine]]:
    """The first rows that cannot come in; and of those that came in, but not wholly, such as a branch's second
    secretary. One query."""
    remarked = lines_of(actor, roster).filter(state=LineState.IMPORTED, problems_sealed__isnull=False)
    found = faulty_lines(actor, roster)[:size].union(remarked[:size], all=True)
    rows = sorted(found, key=lambda line: line.pk)
    return [r for r in rows if r.state == LineState.BAD], [r for r in rows if r.state == LineState.IMPORTED]


def lines_of(actor: Actor, roster: RosterImport) -> QuerySet[RosterLine]:
    """All rows in file order. Raises NotAllowed."""
    require(rules.may_import(actor, roster.organization))
    return RosterLine.objects.filter(roster=roster).order_by("id")


def _of(actor: Actor) -> QuerySet[RosterImport]:
    return RosterImport.objects.filter(organization__in=Organization.objects.filter(importable_by(actor)))
