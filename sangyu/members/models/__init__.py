"""Organizations, people, who belongs where, who holds what office, how someone is placed in life. All dated."""

from sangyu.members.models.belonging import Appointment, Circumstance, Membership
from sangyu.members.models.organization import Organization, OrganizationPlace
from sangyu.members.models.person import Look, Person
from sangyu.members.models.roster import RosterColumn, RosterImport, RosterLine

__all__ = [
    "Appointment",
    "Circumstance",
    "Look",
    "Membership",
    "Organization",
    "OrganizationPlace",
    "Person",
    "RosterColumn",
    "RosterImport",
    "RosterLine",
]
