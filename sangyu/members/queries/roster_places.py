"""Offices and circumstances that are taken already, looked up for many rows of a roster at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import require
from sangyu.members import rules
from sangyu.members.models import Appointment, Circumstance, RosterImport
from sangyu.members.models.belonging import Role


@dataclass(frozen=True)
class Taken:
    """Until when (exclusive) each is taken: a branch's secretary, somebody's office in a branch, a circumstance."""

    secretaries: dict[int, date] = field(default_factory=lambda: defaultdict(lambda: date.min))
    held: dict[tuple[int, int, str], date] = field(default_factory=lambda: defaultdict(lambda: date.min))
    noted: dict[tuple[int, str], date] = field(default_factory=lambda: defaultdict(lambda: date.min))


def taken_places(actor: Actor, roster: RosterImport, branches: Collection[int], people: Collection[int]) -> Taken:
    """What stands in the way of a secretary of these branches, and of offices and circumstances of these people."""
    require(rules.may_import(actor, roster.organization))
    taken = Taken()
    if branches or people:
        wanted = Q(role=Role.SECRETARY, organization_id__in=branches) | Q(person_id__in=people)
        offices = Appointment.objects.filter(wanted)
        for person, branch, role, during in offices.values_list("person_id", "organization_id", "role", "during"):
            until = during.upper or date.max
            taken.held[person, branch, role] = max(taken.held[person, branch, role], until)
            if role == Role.SECRETARY:
                taken.secretaries[branch] = max(taken.secretaries[branch], until)
    if people:
        noted = Circumstance.objects.filter(person_id__in=people).values_list("person_id", "kind", "during")
        for person, kind, during in noted:
            taken.noted[person, kind] = max(taken.noted[person, kind], during.upper or date.max)
    return taken
