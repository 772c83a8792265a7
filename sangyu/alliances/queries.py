"""Reading alliances: who belongs on a day, whose turn it is."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from sangyu.alliances.models import Alliance, Place, Turn
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.refusals import Gone
from sangyu.members.models import Membership, Organization
from sangyu.members.models.belonging import MembershipKind
from sangyu.members.models.organization import OrganizationQuerySet
from sangyu.members.rules import BUREAU, OFFICERS, SECRETARIES


def alliances_seen_by(actor: Actor) -> QuerySet[Alliance]:
    """Alliances of the organizations the actor works for, with their convener."""
    return Alliance.objects.concerning(actor, OFFICERS).select_related("convener").order_by("proposed_on", "id")


def alliance_seen_by(actor: Actor, alliance_id: int) -> Alliance:
    """One alliance. Raises Gone when the actor may not see it."""
    alliance = alliances_seen_by(actor).filter(pk=alliance_id).first()
    if alliance is None:
        raise Gone()
    return alliance


def alliances_with_size(actor: Actor, on: date) -> QuerySet[Alliance]:
    """`alliances_seen_by`, each with `size`: how many organizations belong on the day."""
    return alliances_seen_by(actor).annotate(size=_number(Place.objects.on(on)))


def alliance_with_numbers(actor: Actor, alliance_id: int, on: date) -> Alliance:
    """One alliance with `size`, `asked` (organizations that have not answered) and `people` on the day. Raises Gone."""
    counted = alliances_with_size(actor, on).annotate(
        asked=_number(Place.objects.filter(during__isnull=True)),
        people=Subquery(
            Membership.objects.on(on)
            .filter(
                kind=MembershipKind.FORMAL,
                organization__alliance_places__alliance=OuterRef("pk"),
                organization__alliance_places__during__contains=on,
            )
            .order_by()
            .values("kind")
            .annotate(n=Count("id"))
            .values("n")
        ),
    )
    alliance = counted.filter(pk=alliance_id).first()
    if alliance is None:
        raise Gone()
    return alliance


def _number(places: QuerySet[Place]) -> Subquery:
    """How many of them each alliance has."""
    own = places.filter(alliance=OuterRef("pk")).order_by().values("alliance")
    return Subquery(own.annotate(n=Count("id")).values("n"))


def place_seen_by(actor: Actor, place_id: int) -> Place:
    """One organization's place, for those who work for it. Raises Gone."""
    place = (
        Place.objects.filter(pk=place_id, organization__line__overlap=actor.realm(OFFICERS))
        .select_related("alliance", "organization")
        .first()
    )
    if place is None:
        raise Gone()
    return place


def invitable_by(actor: Actor, on: date) -> OrganizationQuerySet:
    """Branches that the bureau may ask to join hands, by reading."""
    return Organization.objects.within(actor, BUREAU).branches().standing(on).order_by("reading", "id")


def conveners_for(actor: Actor, on: date) -> QuerySet[Organization]:
    """The offices in whose name the actor may propose an alliance."""
    return Organization.objects.filter(pk__in=actor.realm(BUREAU)).standing(on).order_by("reading", "id")


def members_of(actor: Actor, alliance: Alliance, on: date) -> QuerySet[Place]:
    """The places of those who belong on the day, by reading, with who gave their consent."""
    places = alliance.places.on(on).select_related("organization", "consent_by")
    return places.order_by("organization__reading", "id")


def asked_by(actor: Actor, alliance: Alliance) -> QuerySet[Place]:
    """The places of those who have not answered yet: first those the actor speaks for, then by reading."""
    mine = Organization.objects.filter(pk=OuterRef("organization"), line__overlap=actor.realm(SECRETARIES))
    asked = alliance.places.filter(during__isnull=True).select_related("organization")
    return asked.annotate(is_mine=Exists(mine)).order_by("-is_mine", "organization__reading", "id")


def waiting_for(actor: Actor) -> QuerySet[Place]:
    """Invitations that wait for the consent of a branch the actor speaks for."""
    return (
        Place.objects.filter(during__isnull=True, organization__line__overlap=actor.realm(SECRETARIES))
        .select_related("alliance", "organization")
        .order_by("id")
    )


def members_on(alliance: Alliance, day: date) -> QuerySet[Organization]:
    """The member organizations on a day. Whose business this is, the caller has checked."""
    return Organization.objects.filter(pk__in=alliance.places.on(day).values("organization_id")).order_by(
        "reading", "id"
    )


def people_on(alliance: Alliance, day: date) -> QuerySet[Membership]:
    """The formal members of the member branches on a day: affiliation unchanged, so nobody counts twice."""
    return (
        Membership.objects.on(day)
        .filter(kind=MembershipKind.FORMAL, organization__in=members_on(alliance, day))
        .select_related("person", "organization")
        .order_by("organization__reading", "person__reading")
    )


def turn_of(alliance: Alliance, month: date) -> Turn | None:
    """Who hosts in the month of that day, if the rota says so."""
    return alliance.turns.filter(month=clock.month_of(month)).select_related("host").first()


def rotas_of(actor: Actor, alliance: Alliance, years: Sequence[int]) -> dict[int, list[Turn]]:
    """The turns of each of the years, in order of time. One query."""
    rotas: dict[int, list[Turn]] = {year: [] for year in years}
    for turn in alliance.turns.filter(month__year__in=years).select_related("host").order_by("month"):
        rotas[turn.month.year].append(turn)
    return rotas
