"""Founding: the office itself, and what stands under it."""

from datetime import date

from django.db import transaction

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import pinyin
from sangyu.kit.refusals import Conflict, Refusal, require
from sangyu.kit.tables import refused_by
from sangyu.members import rules
from sangyu.members.actions.appointments import write_appointment
from sangyu.members.actions.people import write_person
from sangyu.members.metrics import ORGANIZATION, facts_of_organization
from sangyu.members.models import Organization, Person
from sangyu.members.models.belonging import Role
from sangyu.members.models.organization import OrganizationKind


@transaction.atomic
def found_office(
    actor: Actor, name: str, clerk_name: str, on: date, phone: str = "", since: date | None = None
) -> Person:
    """The first organization, founded on a day, and its first clerk, in office `since` (else as long as the office).

    From the command line. Returns the clerk. Raises Conflict when there is such an office.
    """
    require(rules.may_found_office(actor))
    office = _write(name, OrganizationKind.WORKING_COMMITTEE, None, on, "")
    _record(actor, office)
    clerk = write_person(actor, office, name=clerk_name, phone=phone)
    write_appointment(actor, clerk, office, Role.BUREAU, since or on)
    return clerk


@transaction.atomic
def found_organization(
    actor: Actor, parent: Organization, name: str, kind: str, on: date, bond: str = ""
) -> Organization:
    """A new organization under `parent` (支部工作条例 art. 6: the superior founds). Raises Conflict on a twin name."""
    require(rules.may_administer(actor, parent))
    if on < parent.founded_on:
        raise Refusal(f"成立日期不能早于上级组织的成立日期（{parent.founded_on:%Y年%-m月%-d日}）。")
    organization = _write(name.strip(), kind, parent, on, bond)
    _record(actor, organization)
    return organization


def _write(name: str, kind: str, parent: Organization | None, on: date, bond: str) -> Organization:
    constraint = "members_organization_name" if parent else "members_root_name"
    with refused_by(constraint, lambda: Conflict(f"“{name}”已经有了，请换一个名称或直接使用它。")):
        organization = Organization.objects.create(
            name=name, kind=kind, parent=parent, founded_on=on, bond=bond, reading=pinyin.plain_reading(name)
        )
    organization.line = [*(parent.line if parent else []), organization.pk]
    organization.save(update_fields=["line"])
    return organization


def _record(actor: Actor, organization: Organization) -> None:
    subject, facts = (ORGANIZATION, organization.pk), facts_of_organization(organization)
    journal.record(actor, "members.founded", subject, organization.pk, facts)
