"""Who may do what with alliances."""

from sangyu.alliances.models import Alliance, Place
from sangyu.journal.actor import Actor
from sangyu.members import rules as members
from sangyu.members.models import Organization


def may_propose(actor: Actor, convener: Organization) -> bool:
    """The bureau coordinates (源自“党工委协调统筹、成员支部具体负责”)."""
    return members.may_administer(actor, convener)


def may_arrange(actor: Actor, alliance: Alliance) -> bool:
    """Invitations and the rota are the convener's."""
    return members.may_administer(actor, alliance.convener)


def may_consent(actor: Actor, place: Place) -> bool:
    """Joining and leaving are the branch's own will: only its secretary speaks for it, never a superior."""
    return members.may_speak_for(actor, place.organization)
