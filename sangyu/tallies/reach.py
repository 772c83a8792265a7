"""How far somebody's offices reach."""

from datetime import date

from sangyu.journal.actor import Actor
from sangyu.members.metrics import BRANCHES
from sangyu.members.models import Organization
from sangyu.tallies.queries import stocks


def branches_reached(actor: Actor, roles: frozenset[str], on: date) -> int:
    """How many branches stand that day at and below the organizations where one of the roles is held. One query.

    Offices of one person may lie below each other; then the branches themselves are counted, each once.
    """
    realm = actor.realm(roles)
    if len(realm) == 1:
        return stocks(actor, BRANCHES, realm, on).get(realm[0], 0)
    return Organization.objects.within(actor, roles).branches().standing(on).count()
