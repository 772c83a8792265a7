"""Reading the tree: what stands under what and who belongs there, at any date, a page at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Subquery

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import Gone, require
from sangyu.members import rules
from sangyu.members.models import Appointment, Circumstance, Membership, Organization, Person
from sangyu.members.models.belonging import MembershipKind, PartyStatus, Role

FEW = 20_000  # gathering and sorting so many takes as long as meeting fifty of them while walking through a million


@dataclass(frozen=True, slots=True)
class Belonging:
    """How many belong to one organization itself on a day."""

    by_kind: dict[str, int]  # formal, attached, registered; only those that somebody has
    full: int  # formal ones that are full members of the party
    without_account: int  # formal ones

    @property
    def formal(self) -> int:
        return self.by_kind.get(MembershipKind.FORMAL, 0)


def organizations_seen_by(actor: Actor, on: date) -> QuerySet[Organization]:
    """Organizations standing on that day that the actor works for, by reading."""
    return Organization.objects.filter(rules.visible_to(actor)).standing(on).order_by("reading", "id")


def organizations_administered_by(actor: Actor, on: date) -> QuerySet[Organization]:
    """Organizations standing on that day that the bureau may put people into, by reading."""
    return Organization.objects.filter(rules.administered_by(actor)).standing(on).order_by("reading", "id")


def organization_seen_by(actor: Actor, organization_id: int) -> Organization:
    """One organization, with its parent. Raises Gone when the actor may not see it."""
    seen = Organization.objects.filter(rules.visible_to(actor), pk=organization_id)
    organization = seen.select_related("parent").first()
    if organization is None:
        raise Gone()
    return organization


def organizations_run_by(actor: Actor, on: date) -> QuerySet[Organization]:
    """The branches whose life the actor runs: the one or few of a secretary or liaison."""
    return Organization.objects.filter(rules.run_by(actor)).branches().standing(on).order_by("reading", "id")


def line_seen_by(actor: Actor, organization_id: int) -> list[Organization]:
    """The organization, last, and those above it that the actor may see, the highest first. Raises Gone. One query."""
    above = Organization.objects.filter(pk=organization_id).values(above=Func(F("line"), function="unnest"))
    seen = [o for o in Organization.objects.filter(pk__in=above) if rules.may_see(actor, o)]
    if not seen:
        raise Gone()
    return sorted(seen, key=lambda organization: len(organization.line))


def children_of(actor: Actor, organization_id: int, on: date) -> QuerySet[Organization]:
    """The next level below an organization as it stands that day, by reading, each with `has_children`."""
    return _with_children(organizations_seen_by(actor, on).filter(parent=organization_id), on)


def highest_seen_by(actor: Actor, on: date) -> QuerySet[Organization]:
    """The organizations in which the actor holds office, by reading, each with `has_children`."""
    return _with_children(organizations_seen_by(actor, on).filter(pk__in=actor.realm(rules.OFFICERS)), on)


def _with_children(organizations: QuerySet[Organization], on: date) -> QuerySet[Organization]:
    return organizations.annotate(
        has_children=Exists(Organization.objects.standing(on).filter(parent=OuterRef("pk")).order_by())
    )


def belonging_to(actor: Actor, organization: Organization, on: date) -> Belonging:
    """How many belong to the organization itself, by kind, formal first. One query over its own memberships."""
    rows = members_of(actor, organization, on).order_by().values_list("kind", "party_status")
    counted = rows.annotate(Count("id"), Count("person__account")).order_by()
    by_kind = dict.fromkeys(MembershipKind.values, 0)
    full = without_account = 0
    for kind, status, number, with_account in counted:
        by_kind[kind] += number
        if kind == MembershipKind.FORMAL:
            full += number if status == PartyStatus.FULL else 0
            without_account += number - with_account
    return Belonging({kind: number for kind, number in by_kind.items() if number}, full, without_account)


def members_below(actor: Actor, organization: Organization, on: date, number: int) -> QuerySet[Person]:
    """Everybody with a formal membership at or below the organization that day, by reading; `number` is about how many.

    Each with `branch_name` and `placed_as`, the kinds of their circumstances: one query in all. Whoever sees an
    organization sees all below it, so rights are asked once and not of every row. Raises NotAllowed.
    """
    require(rules.may_see(actor, organization))
    formal = Membership.objects.on(on).filter(kind=MembershipKind.FORMAL)
    below = formal.under(organization).order_by()
    if number <= FEW:
        there = Q(_is_one_of(F("pk"), ArraySubquery(below.values("person_id"))))
    else:
        there = Q(Exists(below.filter(person=OuterRef("pk"))))
    branch = formal.filter(person=OuterRef("pk")).values("organization__name")[:1]
    placed = Circumstance.objects.on(on).filter(person=OuterRef("pk")).order_by("kind").values("kind")
    return (
        Person.objects.filter(there)
        .annotate(branch_name=Subquery(branch), placed_as=ArraySubquery(placed))
        .only("name", "reading", "phone_sealed")
        .order_by("reading", "id")
    )


def _is_one_of(value: F, values: ArraySubquery) -> Func:
    """`value = any(array)`: the database makes the array first. Told as a set, it would look through the province by
    reading for the few of a county, who are scattered: 500 ms in place of 25 among a million."""
    template = "%(expressions)s)"
    return Func(value, values, template=template, arg_joiner=" = any(", output_field=BooleanField())


def members_of(actor: Actor, organization: Organization, on: date) -> QuerySet[Membership]:
    """Everybody who belongs to the organization itself on that day, in all three kinds, by reading."""
    return (
        Membership.objects.on(on)
        .within(actor, rules.OFFICERS)
        .filter(organization=organization)
        .select_related("person")
        .order_by("person__reading", "id")
    )


def members_of_kind(actor: Actor, organization: Organization, kind: str, on: date) -> QuerySet[Membership]:
    """`members_of` one kind, each person with `current_circumstances`. Two queries."""
    placed = _circumstances("person__circumstances", on)
    return members_of(actor, organization, on).filter(kind=kind).prefetch_related(placed)


def _circumstances(path: str, on: date) -> "Prefetch[Any, Any, Any]":
    """How people are placed in life that day, as `current_circumstances`."""
    told = Circumstance.objects.on(on).only("person_id", "kind").order_by("kind")
    return Prefetch(path, queryset=told, to_attr="current_circumstances")


def appointments_of(actor: Actor, organization: Organization, on: date) -> QuerySet[Appointment]:
    """Who holds office in the organization on that day."""
    return (
        Appointment.objects.on(on)
        .within(actor, rules.OFFICERS)
        .filter(organization=organization)
        .select_related("person")
        .order_by("role", "person__reading")
    )


def appointment_seen_by(actor: Actor, appointment_id: int) -> Appointment:
    """One office held. Raises Gone when the actor may not see it."""
    held = Appointment.objects.within(actor, rules.OFFICERS).filter(pk=appointment_id)
    appointment = held.select_related("person", "organization").first()
    if appointment is None:
        raise Gone()
    return appointment


def candidates_for(actor: Actor, organization: Organization, on: date) -> QuerySet[Person]:
    """Who can be given an office there: its members and those who hold one already, by reading."""
    members = members_of(actor, organization, on).order_by().values("person_id")
    officers = appointments_of(actor, organization, on).order_by().values("person_id")
    return Person.objects.filter(Q(pk__in=members) | Q(pk__in=officers)).order_by("reading", "id")


def counsel_of(actor: Actor, organization: Organization, on: date) -> Person | None:
    """Whom members of the organization ask for help: its liaison, else its secretary."""
    held = {a.role: a.person for a in appointments_of(actor, organization, on)}
    return held.get(Role.LIAISON) or held.get(Role.SECRETARY)
