"""What was done to a branch's part after it was published, in sentences: who closed it, who corrected what."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sangyu.activities.metrics import PART
from sangyu.activities.models import Mark
from sangyu.journal.actor import Actor
from sangyu.journal.declare import VERBS
from sangyu.journal.models import Entry
from sangyu.members.models import Person

CORRECTED = "activities.roll_corrected"


@dataclass(frozen=True, slots=True)
class Event:
    """One deed: when, what, by whom (and for whom), and who was changed from what to what."""

    at: datetime
    verb: str
    by: str
    changes: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return VERBS.get(self.verb, "修改")

    @property
    def sentence(self) -> str:
        """As the ledger prints it."""
        return f"{'；'.join(self.changes)}（{self.by}）"


def events_of(actor: Actor, part_ids: Collection[int]) -> dict[int, list[Event]]:
    """What was done to each part, newest first, in two queries. The caller has checked who may read the parts."""
    entries = list(Entry.objects.filter(subject_kind=PART.number, subject_id__in=part_ids).order_by("-id"))
    names = _names(entries)
    events: dict[int, list[Event]] = defaultdict(list)
    for entry in entries:
        changes = [_change(names, *change) for change in entry.detail.get("changes", [])]
        events[entry.subject_id].append(Event(entry.at, entry.verb, _who(names, entry), changes))
    return events


def corrections_of(actor: Actor, part_ids: Collection[int]) -> dict[int, list[Event]]:
    """The corrections alone, oldest first: what the ledger page says."""
    return {
        part: [event for event in reversed(events) if event.verb == CORRECTED]
        for part, events in events_of(actor, part_ids).items()
    }


def _names(entries: Iterable[Entry]) -> dict[int, str]:
    ids = set()
    for entry in entries:
        ids |= {entry.actor_id, entry.for_id, *(change[0] for change in entry.detail.get("changes", []))}
    return dict(Person.objects.filter(pk__in=ids - {None}).values_list("pk", "name"))


def _who(names: dict[int, str], entry: Entry) -> str:
    who = names.get(entry.actor_id or 0, "系统")
    return f"{who}代{names.get(entry.for_id, '他人')}" if entry.for_id else who


def _change(names: dict[int, str], person_id: int, before: str, after: str) -> str:
    name = names.get(person_id, "某同志")
    if before == after:
        return f"{name} 改写了“{Mark(after).label}”的原因"
    old = f"由“{Mark(before).label}”改为" if before else "补记为"
    return f"{name} {old}“{Mark(after).label}”"
