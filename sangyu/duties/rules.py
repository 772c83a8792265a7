"""Who may do what with duties."""

from sangyu.journal.actor import Actor
from sangyu.members import rules as members
from sangyu.members.models import Organization


def may_set_duties(actor: Actor, organization: Organization) -> bool:
    """The bureau sets what its branches owe; the command line adopts the default pack."""
    return members.may_administer(actor, organization) or actor.may("duties.adopt_rule_pack")
