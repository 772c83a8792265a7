"""Rows of a roster that a person works on: those to correct, those left out, and the branches they speak of."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import Gone, require
from sangyu.members import rules
from sangyu.members.models import Organization, RosterImport, RosterLine
from sangyu.members.models.roster import LineState
from sangyu.members.queries.rosters import lines_of, roster_seen_by


def line_seen_by(actor: Actor, roster_id: int, line_id: int) -> RosterLine:
    """One row with its import. Raises Gone."""
    roster = roster_seen_by(actor, roster_id)
    line = RosterLine.objects.filter(roster=roster, pk=line_id).first()
    if line is None:
        raise Gone()
    line.roster = roster
    return line


def left_out_lines(actor: Actor, roster: RosterImport) -> QuerySet[RosterLine]:
    """Rows that a person has left out, in file order."""
    return lines_of(actor, roster).filter(state=LineState.LEFT_OUT)


def branches_named(actor: Actor, roster: RosterImport) -> QuerySet[Organization]:
    """The branches that rows of the roster were found to belong to, by reading. Raises NotAllowed."""
    require(rules.may_import(actor, roster.organization))
    named = RosterLine.objects.filter(roster=roster, branch__isnull=False).values("branch_id")
    return Organization.objects.filter(pk__in=named).order_by("reading", "id")


def counts_of(actor: Actor, roster: RosterImport, branches: Sequence[Organization]) -> list[dict[str, object]]:
    """Rows of each branch that come in (or came in), are known already, or have to be corrected. One query."""
    rows = lines_of(actor, roster).filter(branch__in=branches).order_by().values_list("branch_id")
    counted = {
        branch_id: {"coming": coming, "known": known, "bad": bad}
        for branch_id, coming, known, bad in rows.annotate(
            coming=Count("id", filter=Q(state__in=[LineState.READY, LineState.IMPORTED])),
            known=Count("id", filter=Q(state=LineState.KNOWN)),
            bad=Count("id", filter=Q(state=LineState.BAD)),
        )
    }
    return [{"name": branch.name, **counted.get(branch.pk, {})} for branch in branches]
