"""Reading the journal: what was done to a record. Rights over the record are its area's affair."""

from django.db.models import QuerySet

from sangyu.journal.actor import Actor
from sangyu.journal.declare import Source
from sangyu.journal.models import Entry


def history_of(actor: Actor, subject: tuple[Source, int]) -> QuerySet[Entry]:
    """Entries about one record, newest first. The caller has made sure that the actor may see the record."""
    source, subject_id = subject
    return Entry.objects.filter(subject_kind=source.number, subject_id=subject_id).order_by("-id")


def entries_in_name_of(actor: Actor) -> QuerySet[Entry]:
    """What somebody did in the name of the actor (or of the helped person), newest first."""
    return Entry.objects.filter(for_id=actor.subject_id).order_by("-id")
