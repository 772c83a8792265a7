"""Reading what people said."""

from django.db.models import QuerySet

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import Gone
from sangyu.members.rules import BUREAU
from sangyu.voices.models import Complaint, ComplaintQuerySet


def own_complaints(actor: Actor) -> QuerySet[Complaint]:
    """What the actor (or the helped person) said, newest first, with its answer."""
    return Complaint.objects.filter(person_id=actor.subject_id).select_related("answered_by").order_by("-at", "-id")


def inbox(actor: Actor) -> ComplaintQuerySet:
    """What came in from the organizations of the bureau."""
    return Complaint.objects.within(actor, BUREAU).select_related("person", "by", "organization", "answered_by")


def waiting_in(actor: Actor) -> ComplaintQuerySet:
    """The unanswered of the inbox, the oldest first."""
    return inbox(actor).waiting().order_by("at", "id")


def answered_in(actor: Actor) -> ComplaintQuerySet:
    """The answered of the inbox, the last answer first."""
    return inbox(actor).filter(answered_at__isnull=False).order_by("-answered_at", "-id")


def complaint_for(actor: Actor, complaint_id: int) -> Complaint:
    """One of the inbox. Raises Gone."""
    complaint = inbox(actor).filter(pk=complaint_id).first()
    if complaint is None:
        raise Gone()
    return complaint
