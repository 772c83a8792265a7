"""Who may do what with activities."""

from django.db.models import Q

from sangyu.activities.models import Activity, Participation
from sangyu.journal.actor import Actor
from sangyu.members import rules as members
from sangyu.members.models import Organization
from sangyu.members.rules import BRANCH_OFFICERS, OFFICERS


def may_plan(actor: Actor, host: Organization) -> bool:
    """Secretary and liaison plan for their own branch."""
    return members.may_run(actor, host)


def may_change(actor: Actor, activity: Activity) -> bool:
    """The host's officers publish, change and cancel."""
    return members.may_run(actor, activity.host)


def may_take_roll(actor: Actor, participation: Participation) -> bool:
    """Each branch calls its own roll; neither the host nor a superior does it in its stead."""
    return members.may_run(actor, participation.organization)


def roll_taken_by(actor: Actor) -> Q:
    """`may_take_roll`, said to the database (about participations)."""
    return Q(organization__line__overlap=actor.realm(BRANCH_OFFICERS))


def may_read_part(actor: Actor, participation: Participation) -> bool:
    """The branch's officers and their superiors read its ledger; the command line prints any."""
    return actor.holds(OFFICERS, participation.organization.line) or actor.may("members.read_all")


def parts_read_by(actor: Actor) -> Q:
    """`may_read_part`, said to the database (about participations)."""
    return Q() if actor.may("members.read_all") else Q(organization__line__overlap=actor.realm(OFFICERS))
