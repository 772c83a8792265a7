"""Who may read which figures and entries."""

from sangyu.journal.actor import Actor
from sangyu.members import rules as members
from sangyu.members.models import Organization


def may_read_figures(actor: Actor, root: Organization) -> bool:
    """The figures of a place are for the bureau over all of it, and for the command line."""
    return actor.holds(members.BUREAU, root.line) or actor.may("members.read_all")
