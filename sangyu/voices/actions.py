"""Saying what is wrong, and answering."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.refusals import Refusal, require
from sangyu.kit.tables import hold_token
from sangyu.members.queries import people
from sangyu.members.rules import BUREAU
from sangyu.voices.metrics import COMPLAINT
from sangyu.voices.models import Complaint


@transaction.atomic
def complain(actor: Actor, text: str, page: str, token: UUID) -> Complaint:
    """Say what is wrong, from any page, oneself or by a helper. The same form sent twice says it once.

    So do the same words while they wait for an answer: a browser that goes back gives a new form with the old words.
    """
    person = people.subject_of(actor)
    hold_token(token)
    again = Q(token=token) | Q(person=person, text=text.strip(), answered_at__isnull=True)
    if sent := Complaint.objects.filter(again).first():
        return sent
    if len(text.strip()) < 2:
        raise Refusal("请写下您的意见，一两句话就可以。")
    complaint = Complaint.objects.create(
        person=person,
        by_id=actor.own_id,
        organization=people.office_or_branch(person),
        page=page[:200],
        text=text.strip(),
        at=clock.now(),
        token=token,
    )
    journal.record(actor, "voices.complained", (COMPLAINT, complaint.pk), complaint.organization_id)
    return complaint


@transaction.atomic
def answer(actor: Actor, complaint: Complaint, text: str) -> None:
    """Answer a complaint of one's own area; a later answer replaces the earlier one."""
    require(actor.holds(BUREAU, complaint.organization.line))
    if len(text.strip()) < 2:
        raise Refusal("请写下答复，让提意见的同志知道结果。")
    complaint.answer, complaint.answered_at, complaint.answered_by_id = text.strip(), clock.now(), actor.person_id
    complaint.save(update_fields=["answer", "answered_at", "answered_by"])
    journal.record(actor, "voices.answered", (COMPLAINT, complaint.pk), complaint.organization_id)
