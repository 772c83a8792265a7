"""Who belongs where. Joining something never changes affiliation: one formal membership at a time, by constraint."""

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit.refusals import Conflict, Refusal, require
from sangyu.kit.tables import refused_by
from sangyu.members import rules
from sangyu.members.metrics import MEMBERSHIP, PERSON, facts_of_membership
from sangyu.members.models import Circumstance, Membership, Organization, Person
from sangyu.members.models.belonging import MembershipKind, PartyStatus


@transaction.atomic
def join(
    actor: Actor,
    person: Person,
    organization: Organization,
    kind: str,
    since: date,
    party_status: str = PartyStatus.FULL,
) -> Membership:
    """Formal membership, attachment or registration, from a day on. Raises Conflict."""
    require(rules.may_administer(actor, organization))
    return write_membership(actor, person, organization, kind, since, party_status)


def write_membership(
    actor: Actor, person: Person, organization: Organization, kind: str, since: date, party_status: str
) -> Membership:
    """The row and its entry; rights are the caller's affair."""
    label = MembershipKind(kind).label
    twice = refused_by(
        "members_one_formal_membership",
        lambda: Conflict(f"{person.name}的组织关系已在另一个支部。组织关系只能有一个，请先办理转出。"),
    )
    again = refused_by(
        "members_membership_once", lambda: Conflict(f"{person.name}在{organization.name}已登记“{label}”。")
    )
    with twice, again:
        membership = Membership.objects.create(
            person=person,
            organization=organization,
            kind=kind,
            party_status=party_status,
            during=DateRange(since, None),
        )
    subject, facts = (MEMBERSHIP, membership.pk), facts_of_membership(membership)
    journal.record(actor, "members.joined", subject, organization.pk, facts, kind=kind)
    return membership


@transaction.atomic
def leave(actor: Actor, membership: Membership, on: date) -> None:
    """The last day is the day before `on`; the row stays as history."""
    require(rules.may_administer(actor, membership.organization))
    if on <= membership.during.lower:
        raise Refusal("离开的日期要晚于加入的日期。")
    membership.during = DateRange(membership.during.lower, on)
    membership.save(update_fields=["during"])
    subject, facts = (MEMBERSHIP, membership.pk), facts_of_membership(membership)
    journal.record(actor, "members.left", subject, membership.organization_id, facts)


@transaction.atomic
def note_circumstance(actor: Actor, person: Person, organization: Organization, kind: str, since: date) -> Circumstance:
    """Living away, frail, housebound, from a day on. Officers of the branch note it. Raises Conflict when noted."""
    require(rules.may_see(actor, organization))
    return write_circumstance(actor, person, organization, kind, since)


def write_circumstance(
    actor: Actor, person: Person, organization: Organization, kind: str, since: date
) -> Circumstance:
    """The row and its entry (which does not say what: health is nobody's business); rights are the caller's affair."""
    with refused_by("members_circumstance_once", lambda: Conflict(f"{person.name}的这一情况已经登记。")):
        circumstance = Circumstance.objects.create(person=person, kind=kind, during=DateRange(since, None))
    journal.record(actor, "members.circumstance_noted", (PERSON, person.pk), organization.pk)
    return circumstance


@transaction.atomic
def end_circumstance(actor: Actor, circumstance: Circumstance, organization: Organization, on: date) -> None:
    """It no longer holds from `on`."""
    require(rules.may_see(actor, organization))
    if on <= circumstance.during.lower:
        raise Refusal("结束日期要晚于开始日期。")
    circumstance.during = DateRange(circumstance.during.lower, on)
    circumstance.save(update_fields=["during"])
    journal.record(actor, "members.circumstance_ended", (PERSON, circumstance.person_id), organization.pk)
