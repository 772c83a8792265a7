"""Who holds what office, from when to when."""

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import crypto
from sangyu.kit.refusals import Conflict, Refusal, require
from sangyu.kit.tables import refused_by
from sangyu.members import rules
from sangyu.members.actions.people import write_person
from sangyu.members.metrics import APPOINTMENT
from sangyu.members.models import Appointment, Organization, Person
from sangyu.members.models.belonging import Role
from sangyu.members.models.person import PHONE
from sangyu.members.queries import people


@transaction.atomic
def appoint(
    actor: Actor, person: Person, organization: Organization, role: str, since: date, until: date | None = None
) -> Appointment:
    """Give an office for a term. Raises Conflict when it is held already, or the branch has a secretary."""
    require(rules.may_administer(actor, organization))
    if until is not None and until <= since:
        raise Refusal("任期的结束日期要晚于开始日期。")
    return write_appointment(actor, person, organization, role, since, until)


@transaction.atomic
def register_officer(
    actor: Actor, organization: Organization, name: str, phone: str, role: str, since: date
) -> Appointment:
    """Somebody who is no member, such as a liaison in service, registered and appointed in one go.

    Who is known by the same name and telephone is not registered again. Raises Conflict when the office is held.
    """
    require(rules.may_administer(actor, organization))
    Organization.objects.select_for_update().get(pk=organization.pk)  # pressed twice: one after the other
    indexes = crypto.blind_indexes(crypto.keyring(), phone, PHONE)
    person = people.people_seen_by(actor).filter(name=name, phone_index__in=indexes).first()
    if person is None:
        person = write_person(actor, organization, name=name, phone=phone)
    return write_appointment(actor, person, organization, role, since)


def write_appointment(
    actor: Actor, person: Person, organization: Organization, role: str, since: date, until: date | None = None
) -> Appointment:
    """The row and its entry; rights are the caller's affair."""
    label = Role(role).label
    taken = refused_by("members_one_secretary", lambda: Conflict(f"{organization.name}已有书记，请先办理离任。"))
    held = refused_by(
        "members_appointment_once", lambda: Conflict(f"{person.name}已经是{organization.name}的{label}。")
    )
    with taken, held:
        appointment = Appointment.objects.create(
            person=person, organization=organization, role=role, during=DateRange(since, until)
        )
    journal.record(actor, "members.appointed", (APPOINTMENT, appointment.pk), organization.pk, role=role)
    return appointment


@transaction.atomic
def end_appointment(actor: Actor, appointment: Appointment, on: date) -> None:
    """The last day in office is the day before `on`. The office is kept as history."""
    require(rules.may_administer(actor, appointment.organization))
    if on <= appointment.during.lower:
        raise Refusal(f"离任日期要晚于任职日期（{appointment.during.lower:%Y年%-m月%-d日}）。")
    appointment.during = DateRange(appointment.during.lower, on)
    appointment.save(update_fields=["during"])
    journal.record(actor, "members.appointment_ended", (APPOINTMENT, appointment.pk), appointment.organization_id)
