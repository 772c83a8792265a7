"""Reading people: who is signed in, whom one may see, what is kept about somebody."""

from dataclasses import dataclass
from datetime import date

from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery

from sangyu.journal.actor import STRANGER, Actor, Office
from sangyu.kit import clock
from sangyu.kit.refusals import Gone, require
from sangyu.members import rules
from sangyu.members.models import Appointment, Circumstance, Look, Membership, Organization, Person
from sangyu.members.models.belonging import MembershipKind, Role
from sangyu.members.models.person import PersonQuerySet
from sangyu.members.rules import BRANCH_OFFICERS, OFFICERS


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in: what they may do today, and what they are called."""

    actor: Actor = STRANGER
    name: str = ""


def signed_in_as(account_id: int | None, door: str, helped: int | None = None) -> SignedIn:
    """Who is behind a signed-in account, with today's appointments; a stranger when there is nobody. One query.

    `helped` counts only while the actor may still act for that person.
    """
    held_today = FilteredRelation("appointments", condition=Q(appointments__during__contains=clock.today()))
    people = Person.objects.filter(account_id=account_id or 0).annotate(held=held_today)
    rows = list(people.values_list("pk", "name", "held__role", "held__organization_id")) if account_id else []
    if not rows:
        return SignedIn()
    offices = tuple(Office(role, organization_id) for _, _, role, organization_id in rows if role)
    actor = Actor(account_id=account_id, person_id=rows[0][0], door=door, offices=offices)
    acting = actor.on_behalf_of(helped) if helped and may_act_for(actor, helped) else actor
    return SignedIn(acting, rows[0][1])


def actor_of(person_id: int, door: str, account_id: int | None = None) -> Actor:
    """The actor that a person is today."""
    held = Appointment.objects.on(clock.today()).filter(person_id=person_id).values_list("role", "organization_id")
    offices = tuple(Office(role, organization_id) for role, organization_id in held)
    return Actor(account_id=account_id, person_id=person_id, door=door, offices=offices)


def may_act_for(actor: Actor, person_id: int) -> bool:
    """Secretary and liaison act for members of their own branch (代办); never for the staff, never for themselves."""
    if person_id == actor.person_id:
        return False
    return (
        Membership.objects.on(clock.today())
        .filter(person_id=person_id, organization__line__overlap=actor.realm(BRANCH_OFFICERS))
        .exists()
    )


def may_renew_card(actor: Actor, person: Person) -> bool:
    """A card lets in as that person: it is given by the bureau over every office held, or by the branch's officers to
    a member who holds none. Otherwise a liaison could enter as the secretary, or as the bureau."""
    held = Appointment.objects.on(clock.today()).filter(person=person, role__in=OFFICERS)
    if not all(rules.may_administer(actor, office.organization) for office in held.select_related("organization")):
        return False
    place = place_of(person)
    return place is not None and (rules.may_administer(actor, place) or may_act_for(actor, person.pk))


def may_see_person(actor: Actor, person_id: int) -> bool:
    """Oneself, and members and officers of the organizations one works for."""
    return person_id == actor.person_id or people_seen_by(actor).filter(pk=person_id).exists()


def people_seen_by(actor: Actor) -> PersonQuerySet:
    """Everybody who belongs, in any way and at any time, to an organization the actor works for.

    Asked of each person: these are questions about a few. (Who lists everybody below begins at the memberships.)
    """
    realm = actor.realm(OFFICERS)
    member = Membership.objects.filter(person=OuterRef("pk"), organization__line__overlap=realm)
    officer = Appointment.objects.filter(person=OuterRef("pk"), organization__line__overlap=realm)
    return Person.objects.alias(
        belongs_to=Subquery(member.values("organization_id")[:1]),
        works_for=Subquery(officer.values("organization_id")[:1]),
    ).filter(Q(belongs_to__isnull=False) | Q(works_for__isnull=False))


def person_seen_by(actor: Actor, person_id: int) -> Person:
    """One person. Raises Gone when the actor may not see them: that there is such a person is nobody's business."""
    person = people_seen_by(actor).filter(pk=person_id).first()
    if person is None:
        raise Gone()
    return person


def helped(actor: Actor) -> Person | None:
    """The person being acted for, if any."""
    return Person.objects.filter(pk=actor.for_person_id).first() if actor.for_person_id else None


def subject_of(actor: Actor) -> Person:
    """In whose name this happens: oneself or the helped person. Raises NotAllowed for a stranger."""
    require(actor.speaks_for is not None)
    return Person.objects.get(pk=actor.subject_id)


def memberships_of(actor: Actor, person: Person) -> QuerySet[Membership]:
    """All memberships of a person, newest first."""
    require(may_see_person(actor, person.pk) or person.pk == actor.speaks_for)
    return Membership.objects.filter(person=person).select_related("organization").order_by("-during")


def offices_of(actor: Actor, person: Person) -> QuerySet[Appointment]:
    """The offices a person holds today."""
    require(may_see_person(actor, person.pk) or person.pk == actor.speaks_for)
    held = Appointment.objects.on(clock.today()).filter(person=person)
    return held.select_related("organization").order_by("role", "id")


def circumstance_seen_by(actor: Actor, circumstance_id: int) -> Circumstance:
    """One circumstance of somebody the actor works for. Raises Gone."""
    seen = Circumstance.objects.filter(pk=circumstance_id, person__in=people_seen_by(actor))
    circumstance = seen.select_related("person").first()
    if circumstance is None:
        raise Gone()
    return circumstance


def membership_seen_by(actor: Actor, membership_id: int) -> Membership:
    """One membership in an organization the actor works for. Raises Gone."""
    seen = Membership.objects.filter(pk=membership_id).within(actor, OFFICERS)
    membership = seen.select_related("person", "organization").first()
    if membership is None:
        raise Gone()
    return membership


def circumstances_of(actor: Actor, person: Person, on: date) -> QuerySet[Circumstance]:
    """Living away, frail, housebound on that day. Shown to the person and those who look after them."""
    require(may_see_person(actor, person.pk) or person.pk == actor.speaks_for)
    return Circumstance.objects.filter(person=person).on(on)


def looks_at(actor: Actor) -> QuerySet[Look]:
    """Who opened what about the actor (or the helped person), newest first."""
    return Look.objects.filter(person_id=actor.subject_id).select_related("by").order_by("-at", "-id")


def home_branch(actor: Actor, person_id: int) -> Membership | None:
    """The formal membership today: for the person, their helper and their officers."""
    require(person_id == actor.speaks_for or may_see_person(actor, person_id))
    return (
        Membership.objects.on(clock.today())
        .filter(person_id=person_id, kind=MembershipKind.FORMAL)
        .select_related("organization")
        .first()
    )


def liaisons_of(actor: Actor) -> QuerySet[Appointment]:
    """The liaisons of the branch the actor (or the helped person) belongs to; the secretary where there is none."""
    branches = (
        Membership.objects.on(clock.today())
        .filter(person_id=actor.subject_id, kind=MembershipKind.FORMAL)
        .values("organization_id")
    )
    held = (
        Appointment.objects.on(clock.today())
        .filter(organization_id__in=branches)
        .select_related("person", "organization")
    )
    liaisons = held.filter(role=Role.LIAISON).order_by("person__reading")
    return liaisons if liaisons.exists() else held.filter(role=Role.SECRETARY)


def place_of(person: Person) -> Organization | None:
    """Where somebody is at home: the formal branch, else the office held."""
    today = clock.today()
    member = Membership.objects.on(today).filter(person=person, kind=MembershipKind.FORMAL)
    place = member.select_related("organization").first() or (
        Appointment.objects.on(today).filter(person=person).select_related("organization").order_by("id").first()
    )
    return place.organization if place else None


def office_or_branch(person: Person) -> Organization:
    """`place_of`, where there must be one. Raises Gone."""
    place = place_of(person)
    if place is None:
        raise Gone("这位同志目前没有组织关系，也没有任职。")
    return place
