"""One row of a roster becomes a person with membership, circumstances and post, each written as by hand."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import Conflict, require
from sangyu.members import rules
from sangyu.members.actions.appointments import write_appointment
from sangyu.members.actions.memberships import write_circumstance, write_membership
from sangyu.members.actions.people import write_person
from sangyu.members.models import Organization, Person, RosterImport
from sangyu.members.models.belonging import CircumstanceKind, MembershipKind
from sangyu.members.models.roster import LineState
from sangyu.members.queries.roster_check import Verdict
from sangyu.members.roster.columns import LABELS
from sangyu.members.roster.entry import Problem, RosterEntry

CIRCUMSTANCES = frozenset(CircumstanceKind.values)


@transaction.atomic
def bring_in(actor: Actor, roster: RosterImport, verdict: Verdict) -> Verdict:
    """Write the person of a row that may come in; the verdict then says how it went. Raises NotAllowed.

    A post that is taken is noted and leaves the person in. What somebody wrote this very moment makes the row bad.
    """
    require(rules.may_import(actor, roster.organization))
    branch, entry = verdict.branch, verdict.row.entry
    assert branch and entry and verdict.since  # a ready row has them all
    try:
        with transaction.atomic():
            person = _write(actor, verdict.person, branch, entry, verdict.since)
    except Conflict as taken:
        return replace(verdict, state=LineState.BAD, problems=(Problem(LABELS["name"], taken.sentence),))
    _write_circumstances(actor, person, branch, entry, max(roster.as_of, verdict.since))
    problems = _write_post(actor, person, branch, entry, verdict.since)
    return replace(verdict, state=LineState.IMPORTED, person=person, problems=problems)


def _write(actor: Actor, known: Person | None, branch: Organization, entry: RosterEntry, since: date) -> Person:
    person = known or write_person(actor, branch, entry.name, entry.id_number, entry.phone, **_told_of(entry))
    write_membership(actor, person, branch, MembershipKind.FORMAL, since, entry.status)
    return person


def _told_of(entry: RosterEntry) -> dict[str, Any]:
    """What the roster says of a person, as the table's fields."""
    told: dict[str, Any] = {"sex": entry.sex, "rank": entry.rank}
    told |= {"born_on": entry.born.day, "born_precision": entry.born.precision}
    if joined := entry.joined_party:
        told |= {"joined_party_on": joined.day, "joined_party_precision": joined.precision}
    return told


def _write_circumstances(actor: Actor, person: Person, branch: Organization, entry: RosterEntry, since: date) -> None:
    for kind in (entry.residence, entry.mobility):
        if kind in CIRCUMSTANCES:
            with suppress(Conflict):  # noted already of somebody who was registered before
                write_circumstance(actor, person, branch, kind, since)


def _write_post(
    actor: Actor, person: Person, branch: Organization, entry: RosterEntry, since: date
) -> tuple[Problem, ...]:
    if not entry.post:
        return ()
    try:
        write_appointment(actor, person, branch, entry.post, since)
    except Conflict as taken:
        return (Problem(LABELS["post"], taken.sentence),)
    return ()
