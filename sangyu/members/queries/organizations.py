"""Reading the tree: what stands under what, with counts, at any date."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import Gone
from sangyu.members import rules
from sangyu.members.models import Appointment, Circumstance, Membership, Organization, Person
from sangyu.members.models.belonging import MembershipKind, Role
from sangyu.members.models.organization import OrganizationKind


@dataclass(slots=True)
class Node:
    """One organization of the tree with what is counted below it (itself included)."""

    organization: Organization
    branches: int = 0
    members: int = 0
    children: list["Node"] = field(default_factory=list)


def organizations_seen_by(actor: Actor, on: date) -> QuerySet[Organization]:
    """Organizations standing on that day that the actor works for, by reading."""
    return Organization.objects.filter(rules.visible_to(actor)).standing(on).order_by("reading", "id")


def organizations_administered_by(actor: Actor, on: date) -> QuerySet[Organization]:
    """Organizations standing on that day that the bureau may put people into, by reading."""
    return Organization.objects.filter(rules.administered_by(actor)).standing(on).order_by("reading", "id")


def organization_seen_by(actor: Actor, organization_id: int) -> Organization:
    """One organization. Raises Gone when the actor may not see it."""
    seen = Organization.objects.filter(rules.visible_to(actor), pk=organization_id)
    organization = seen.select_related("parent").first()
    if organization is None:
        raise Gone()
    return organization


def organizations_run_by(actor: Actor, on: date) -> QuerySet[Organization]:
    """The branches whose life the actor runs: the one or few of a secretary or liaison."""
    return Organization.objects.filter(rules.run_by(actor)).branches().standing(on).order_by("reading", "id")


def tree(actor: Actor, on: date) -> list[Node]:
    """What the actor sees as trees, each node with its branches and formal members on that day. Two queries."""
    nodes = {o.pk: Node(o) for o in organizations_seen_by(actor, on)}
    members = members_by_organization(nodes, on)
    roots: list[Node] = []
    for node in nodes.values():
        above = [nodes[i] for i in node.organization.line if i in nodes]
        for one in above:
            one.branches += node.organization.kind == OrganizationKind.BRANCH
            one.members += members.get(node.organization.pk, 0)
        parent = nodes.get(node.organization.parent_id or 0)
        (parent.children if parent else roots).append(node)
    return roots


def members_by_organization(organization_ids: Iterable[int], on: date) -> dict[int, int]:
    """Formal members of each organization itself on that day."""
    rows = Membership.objects.on(on).filter(kind=MembershipKind.FORMAL, organization_id__in=list(organization_ids))
    return dict(rows.values_list("organization_id").annotate(count=Count("id")))


def members_of(actor: Actor, organization: Organization, on: date) -> QuerySet[Membership]:
    """Everybody who belongs to the organization itself on that day, in all three kinds, by reading."""
    return (
        Membership.objects.on(on)
        .within(actor, rules.OFFICERS)
        .filter(organization=organization)
        .select_related("person")
        .order_by("kind", "person__reading", "id")
    )


def belonging_to(actor: Actor, organization: Organization, on: date) -> list[tuple[str, list[Membership]]]:
    """Everybody by kind of membership, formal first, each person with `current_circumstances`. Two queries."""
    placed = Prefetch(
        "person__circumstances", queryset=Circumstance.objects.on(on).order_by("kind"), to_attr="current_circumstances"
    )
    by_kind: dict[str, list[Membership]] = {kind.value: [] for kind in MembershipKind}
    for membership in members_of(actor, organization, on).prefetch_related(placed):
        by_kind[membership.kind].append(membership)
    return [(MembershipKind(kind).label, rows) for kind, rows in by_kind.items() if rows]


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
