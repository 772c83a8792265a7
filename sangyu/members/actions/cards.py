"""Accounts and invitation cards for people: a whole branch in one go, a lost card in two taps."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from sangyu.accounts import actions as accounts
from sangyu.accounts.actions import Card
from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.refusals import require
from sangyu.members import rules
from sangyu.members.metrics import ORGANIZATION, PERSON
from sangyu.members.models import Appointment, Membership, Organization, Person
from sangyu.members.models.belonging import MembershipKind
from sangyu.members.queries import people

NOT_YOURS = "这位同志担任职务或不在本支部，登录卡请由老干部工作部门补发。"


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One card to print: whose it is, and what stands on it."""

    person: Person
    organization: Organization
    card: Card


@transaction.atomic
def open_accounts(actor: Actor, organization: Organization) -> list[PersonCard]:
    """An account and a card for each member and officer of a branch who has none yet. Pressed twice: no second card."""
    require(rules.may_administer(actor, organization))
    Organization.objects.select_for_update().get(pk=organization.pk)
    today = clock.today()
    members = Membership.objects.on(today).filter(organization=organization, kind=MembershipKind.FORMAL)
    officers = Appointment.objects.on(today).filter(organization=organization)
    waiting = (
        Person.objects.filter(account__isnull=True)
        .filter(pk__in=[*members.values_list("person_id", flat=True), *officers.values_list("person_id", flat=True)])
        .exclude(pk__in=_beyond(actor))
        .order_by("reading", "id")
    )
    cards = [PersonCard(person, organization, _card_for(actor, person)) for person in waiting]
    journal.record(actor, "members.accounts_opened", (ORGANIZATION, organization.pk), organization.pk, count=len(cards))
    return cards


@transaction.atomic
def replace_card(actor: Actor, person_id: int) -> PersonCard:
    """A new card for somebody who lost theirs or is being helped in; the old one dies. Raises NotAllowed."""
    person = people.person_seen_by(actor, person_id)
    organization = people.office_or_branch(person)
    require(people.may_renew_card(actor, person), NOT_YOURS)
    journal.record(actor, "members.card_replaced", (PERSON, person.pk), organization.pk)
    return PersonCard(person, organization, _card_for(actor, person))


def _beyond(actor: Actor) -> QuerySet[Appointment, int]:
    """People who hold an office the actor has no say in: their card would open more than the actor may."""
    held = Appointment.objects.on(clock.today()).filter(role__in=rules.OFFICERS)
    return held.exclude(organization__line__overlap=actor.realm(rules.BUREAU)).values_list("person_id", flat=True)


def _card_for(actor: Actor, person: Person) -> Card:
    if person.account is None:
        person.account = accounts.open_account(actor, person.initials)
        person.save(update_fields=["account"])
    return accounts.issue_card(actor, person.account)
