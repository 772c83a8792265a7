"""Founding the branches that a roster names, so that nobody has to type them one by one."""

from collections.abc import Collection

from django.db import transaction

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import Refusal, require
from sangyu.members import rules
from sangyu.members.actions.organizations import found_organization
from sangyu.members.actions.rosters import look_again
from sangyu.members.models import Organization, RosterImport
from sangyu.members.models.organization import OrganizationKind
from sangyu.members.queries.missing_branches import missing_branches


@transaction.atomic
def found_named_branches(actor: Actor, roster: RosterImport, names: Collection[str]) -> list[Organization]:
    """Found those of the roster's missing branches that a person has ticked, then have its rows looked at again.

    A branch is founded on the earliest day somebody of it belonged to it. Pressed twice it founds once; a name that
    the roster does not miss is passed over. Raises Refusal when nothing is ticked.
    """
    office = roster.organization
    require(rules.may_administer(actor, office))
    if not names:
        raise Refusal("请先勾选要新建的支部。")
    Organization.objects.select_for_update().get(pk=office.pk)  # two clicks at once: one after the other
    founded = [
        found_organization(actor, office, branch.name, OrganizationKind.BRANCH, max(branch.since, office.founded_on))
        for branch in missing_branches(actor, roster)
        if branch.name in names
    ]
    look_again(actor, roster)
    return founded
