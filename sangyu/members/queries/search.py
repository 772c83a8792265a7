"""Finding people by name among a million, within what the actor may see (docs/decisions/0015-search-from-two-ends.md).

Who works for a few branches is answered from their people, whoever works for more from the names in their order, with
rights asked of one after another until the page is full. Measured: each is slow where the other is quick.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery

from sangyu.journal.actor import Actor
from sangyu.kit import clock, pinyin
from sangyu.members.models import Appointment, Membership, Organization, Person
from sangyu.members.models.person import PersonQuerySet
from sangyu.members.rules import OFFICERS

FEW = 200  # organizations; about 10,000 people, where both ways take as long


@dataclass(frozen=True, slots=True)
class Found:
    """People whose name fits, with `current_memberships`, to be read in pages; and what one character was taken for."""

    people: PersonQuerySet
    by_surname: bool = False


def search(actor: Actor, words: str) -> Found:
    """People by characters of their name or by pinyin; one character alone is a surname where there are many people."""
    places = Organization.objects.filter(line__overlap=actor.realm(OFFICERS)).values_list("pk", flat=True)
    few = list(places[: FEW + 1])
    asked = pinyin.plain(words)
    if not asked:
        return Found(Person.objects.none())
    if len(few) <= FEW:
        return Found(_told(_people_of(few, words)))
    by_surname = len(asked) == 1 and not asked.isascii()
    people = _people_below(actor.realm(OFFICERS))
    return Found(_told(people.surnamed(asked) if by_surname else people.named(words)), by_surname)


def _people_of(places: list[int], words: str) -> PersonQuerySet:
    """Those so named who belong to, or hold an office in, one of the places, at any time.

    The name is looked at within the question for the places, one person after another: left free, the planner begins
    with everybody of that name in the country.
    """
    named = Person.objects.filter(pk=OuterRef("person_id")).named(words)
    one = Subquery(named.order_by().values("pk")[:1])
    members = Membership.objects.filter(organization__in=places).alias(so_named=one).filter(so_named=F("person_id"))
    officers = Appointment.objects.filter(organization__in=places).alias(so_named=one).filter(so_named=F("person_id"))
    found: QuerySet[Any, Any] = members.values("person_id").union(officers.values("person_id"))
    people = Person.objects.filter(pk__in=found)
    return people.order_by(*named.query.order_by)


def _people_below(realm: list[int]) -> PersonQuerySet:
    """The same for all below the realm: asked person by person, but those in office are put together once."""
    belongs = Membership.objects.filter(person=OuterRef("pk"), organization__line__overlap=realm)
    officers = Appointment.objects.filter(organization__line__overlap=realm).values("person_id")
    seen = Person.objects.alias(belongs_to=Subquery(belongs.values("organization_id")[:1]))
    return seen.filter(Q(belongs_to__isnull=False) | Q(pk__in=officers))


def _told(people: PersonQuerySet) -> PersonQuerySet:
    current = Membership.objects.on(clock.today()).select_related("organization")
    return people.prefetch_related(Prefetch("memberships", queryset=current, to_attr="current_memberships"))
