"""Reading the journal's entries as people read them: who did what, when, to which record, and what it counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value
from django.urls import reverse

from sangyu.journal import queries as journal
from sangyu.journal.actor import Actor
from sangyu.journal.declare import METRIC_BY_NUMBER, SOURCES, VERBS
from sangyu.journal.models import Entry, Fact
from sangyu.kit.refusals import Gone
from sangyu.members import rules
from sangyu.members.models import Organization, Person
from sangyu.members.models.organization import short_name
from sangyu.members.queries import people
from sangyu.reports.wording import DOORS

PAGE = 50
IS_PERSON, IS_ORGANIZATION = 1, 2
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
    """Entries in words. One query, however many."""
    named = [i for e in entries for i in (e.actor_id, e.for_id)]
    names, places = _names(actor, named, (e.organization_id for e in entries))
    return [_told(entry, names, places) for entry in entries]


def tell_facts(actor: Actor, facts: Sequence[Fact]) -> list[ToldFact]:
    """Facts in words. One query, however many."""
    names, places = _names(actor, (f.person_id for f in facts), (f.organization_id for f in facts))
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


def _names(
    actor: Actor, person_ids: Iterable[int | None], organization_ids: Iterable[int | None]
) -> tuple[dict[int, str], dict[int, str]]:
    """Names of the people, and short names of the organizations, that the actor may see. One query."""
    seen = Person.objects.all() if actor.may("members.read_all") else people.people_seen_by(actor)
    who = seen.filter(pk__in={i for i in person_ids if i})
    where = Organization.objects.filter(rules.visible_to(actor), pk__in={i for i in organization_ids if i})
    rows = _kind(who, IS_PERSON).union(_kind(where, IS_ORGANIZATION), all=True)
    names: dict[int, dict[int, str]] = {IS_PERSON: {}, IS_ORGANIZATION: {}}
    for kind, pk, name in rows:
        names[kind][pk] = name
    return names[IS_PERSON], {pk: short_name(name) for pk, name in names[IS_ORGANIZATION].items()}


def _kind(rows: QuerySet[Any], kind: int) -> QuerySet[Any, Any]:
    told: QuerySet[Any, Any] = rows.order_by().annotate(told_of=Value(kind)).values_list("told_of", "pk", "name")
    return told
