"""Where an organization could hang instead."""

from datetime import date

from django.db.models import QuerySet

from sangyu.journal.actor import Actor
from sangyu.members.models import Organization
from sangyu.members.models.organization import OrganizationKind
from sangyu.members.queries.organizations import organizations_administered_by

BELOW_BRANCHES = {OrganizationKind.GROUP, OrganizationKind.FUNCTIONAL_GROUP}


def superiors_for(actor: Actor, organization: Organization, on: date) -> QuerySet[Organization]:
    """Organizations standing that day that the actor keeps and that may take it, by reading; branches take groups."""
    found = organizations_administered_by(actor, on).exclude(line__contains=[organization.pk])
    if organization.parent_id:
        found = found.exclude(pk=organization.parent_id)
    if organization.kind not in BELOW_BRANCHES:
        found = found.exclude(kind=OrganizationKind.BRANCH)
    return found
