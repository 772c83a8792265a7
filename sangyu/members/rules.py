"""Who may do what with organizations and people. Rights follow from dated appointments."""

from django.db.models import Q

from sangyu.journal.actor import Actor
from sangyu.members.models import Organization
from sangyu.members.models.belonging import Role

BUREAU = frozenset({Role.BUREAU.value})
SECRETARIES = frozenset({Role.SECRETARY.value, Role.DEPUTY_SECRETARY.value})
BRANCH_OFFICERS = SECRETARIES | {Role.LIAISON.value}
OFFICERS = BRANCH_OFFICERS | BUREAU


def may_found_office(actor: Actor) -> bool:
    """The first organization and its first clerk come from the command line."""
    return actor.may("members.found_office")


def may_administer(actor: Actor, organization: Organization) -> bool:
    """The bureau keeps organizations, appointments, accounts and rosters of its subtree."""
    return actor.holds(BUREAU, organization.line)


def administered_by(actor: Actor) -> Q:
    """`may_administer`, said to the database (about organizations)."""
    return Q(line__overlap=actor.realm(BUREAU))


def may_release(actor: Actor, organization: Organization) -> bool:
    """Whoever keeps the superior hangs an organization elsewhere; no organization leaves its superior by itself."""
    return actor.holds(BUREAU, organization.line[:-1])


def may_move(actor: Actor, organization: Organization, parent: Organization) -> bool:
    """Whoever keeps both the old superior and the new one hangs an organization from one to the other."""
    return may_release(actor, organization) and may_administer(actor, parent)


def may_see(actor: Actor, organization: Organization) -> bool:
    """Branch officers see their branch, the bureau its subtree; the command line reads figures of all."""
    return actor.holds(OFFICERS, organization.line) or actor.may("members.read_all")


def visible_to(actor: Actor) -> Q:
    """`may_see`, said to the database (about organizations)."""
    return Q() if actor.may("members.read_all") else Q(line__overlap=actor.realm(OFFICERS))


def may_run(actor: Actor, organization: Organization) -> bool:
    """Secretary, deputy and liaison run the life of their own branch, not their superior in their stead."""
    return actor.holds(BRANCH_OFFICERS, organization.line)


def run_by(actor: Actor) -> Q:
    """`may_run`, said to the database (about organizations)."""
    return Q(line__overlap=actor.realm(BRANCH_OFFICERS))


def may_speak_for(actor: Actor, organization: Organization) -> bool:
    """Only the secretary (or deputy) gives a branch's consent."""
    return actor.holds(SECRETARIES, organization.line)


def may_import(actor: Actor, organization: Organization) -> bool:
    """The bureau by page, the operator by command line."""
    return may_administer(actor, organization) or actor.may("members.import_roster")
