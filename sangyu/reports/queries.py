"""Reading the journal's entries as people read them: who did what, when, to which record, and what it counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from sangyu.journal import queries as journal
from sangyu.journal.actor import Actor
from sangyu.journal.declare import METRIC_BY_NUMBER, SOURCES, VERBS
from sangyu.journal.models import Entry, Fact
from sangyu.kit.refusals import Gone
from sangyu.members import rules
from sangyu.members.models import Organization, Person
from sangyu.members.queries import people
from sangyu.reports.wording import DOORS

PAGE = 50
NOT_SEEN = "其他工作人员"


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """An entry in words."""

    entry: Entry
    verb: str
    who: str
    for_whom: str
    organization: str
    door: str
    record: str
    url: str


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact in words; the person only where the actor may see them."""

    fact: Fact
    label: str
    unit: str
    organization: str
    person: str


def entry_seen_by(actor: Actor, entry_id: int) -> Entry:
    """One entry about an organization the actor works for. Raises Gone."""
    entry = Entry.objects.filter(pk=entry_id, organization_id__in=_organizations(actor)).first()
    if entry is None:
        raise Gone()
    return entry


def history_seen_by(actor: Actor, entry: Entry) -> list[Entry]:
    """What else was done to the same record, newest first, at most a page of it."""
    subject = (SOURCES[entry.subject_kind], entry.subject_id)
    return list(journal.history_of(actor, subject).filter(organization_id__in=_organizations(actor))[:PAGE])


def facts_seen_by(actor: Actor, entry: Entry) -> list[Fact]:
    """What the entry counts or takes back."""
    return list(entry.facts.filter(organization_id__in=_organizations(actor)).order_by("id"))


def tell_entries(actor: Actor, entries: Sequence[Entry]) -> list[ToldEntry]:
    """Entries in words. Two queries, however many."""
    names = _people(actor, [i for e in entries for i in (e.actor_id, e.for_id)])
    places = _places(actor, (e.organization_id for e in entries))
    return [_told(entry, names, places) for entry in entries]


def tell_facts(actor: Actor, facts: Sequence[Fact]) -> list[ToldFact]:
    """Facts in words. Two queries, however many."""
    names = _people(actor, [f.person_id for f in facts])
    places = _places(actor, (f.organization_id for f in facts))
    told = []
    for fact in facts:
        metric = METRIC_BY_NUMBER[fact.metric]
        person = names.get(fact.person_id or 0, "")
        told.append(ToldFact(fact, metric.label, metric.unit, places.get(fact.organization_id, ""), person))
    return told


def _told(entry: Entry, names: dict[int, str], places: dict[int, str]) -> ToldEntry:
    source = SOURCES[entry.subject_kind]
    door = DOORS.get(entry.door, "")
    return ToldEntry(
        entry=entry,
        verb=VERBS.get(entry.verb, "办理"),
        who=names.get(entry.actor_id, NOT_SEEN) if entry.actor_id else door,
        for_whom=names.get(entry.for_id, "他人") if entry.for_id else "",
        organization=places.get(entry.organization_id or 0, ""),
        door=door,
        record=source.label,
        url=reverse(source.url, args=[entry.subject_id]) if source.url else "",
    )


def _organizations(actor: Actor) -> QuerySet[Organization, int]:
    return Organization.objects.filter(rules.visible_to(actor)).values_list("pk", flat=True)


def _people(actor: Actor, ids: Iterable[int | None]) -> dict[int, str]:
    """Names of those the actor may see."""
    seen = Person.objects.all() if actor.may("members.read_all") else people.people_seen_by(actor)
    return dict(seen.filter(pk__in={i for i in ids if i}).values_list("pk", "name"))


def _places(actor: Actor, ids: Iterable[int | None]) -> dict[int, str]:
    seen = Organization.objects.filter(rules.visible_to(actor), pk__in={i for i in ids if i})
    return {organization.pk: organization.short_name for organization in seen}
