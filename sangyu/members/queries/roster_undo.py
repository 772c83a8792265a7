"""What undoing an import would take back, and what was built on it since: found by foreign key, in every floor."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import ForeignKey, ForeignObjectRel, Model

from sangyu.journal.actor import Actor
from sangyu.journal.declare import VERBS, Source
from sangyu.kit.refusals import Refusal, require
from sangyu.members import rules
from sangyu.members.metrics import APPOINTMENT, MEMBERSHIP, PERSON
from sangyu.members.models import Appointment, Circumstance, Membership, Person, RosterImport, RosterLine
from sangyu.members.models.roster import ImportState, LineState
from sangyu.members.queries.people import people_seen_by
from sangyu.members.traces import TRACES

TOLD = 50  # traces named one by one; the rest is counted
BEFORE = "这份花名册里有人是系统升级以前导入的，没有留下逐行的记录，不能整份撤销。请到支部页逐人办理。"
UNFINISHED = (ImportState.RECEIVED, ImportState.UNCLEAR, ImportState.QUEUED, ImportState.UNDOING)

MADE = """
select m.table_name, array_agg(i.id::bigint)
  from members_rosterline l, jsonb_each(l.made) m(table_name, ids), jsonb_array_elements_text(m.ids) i(id)
 where l.roster_id = %s and l.state = 'imported' group by 1"""

# What the import itself says of its rows; and what the row itself tells better: a look, a circumstance.
OWN_VERBS = ["registered", "joined", "appointed", "circumstance_noted", "circumstance_ended", "looked"]

# The rows it wrote are taken from its lines once: as lists in every question below, those of a province would be
# megabytes each.
COUNTED = """
with made(table_name, id) as materialized (
    select m.table_name, i.id::bigint
      from members_rosterline l, jsonb_each(l.made) m(table_name, ids), jsonb_array_elements_text(m.ids) i(id)
     where l.roster_id = %(roster)s and l.state = 'imported'),
{tables},
hits(kind, person_id) as ({hits}),
     grouped as (select kind, person_id, count(*) n from hits group by 1, 2)
select kind, person_id, n, people, total
  from (select *, row_number() over (partition by kind order by person_id) place,
               count(*) over (partition by kind) people, sum(n) over (partition by kind) total from grouped) x
 where place <= %(told)s order by kind, place"""


@dataclass(frozen=True, slots=True)
class Made:
    """Ids of the rows that an import wrote and that are there still."""

    person: list[int]
    membership: list[int]
    circumstance: list[int]
    appointment: list[int]


MODELS: dict[str, type[Model]] = {
    "person": Person,
    "membership": Membership,
    "circumstance": Circumstance,
    "appointment": Appointment,
}
SOURCES: dict[str, Source] = {"person": PERSON, "membership": MEMBERSHIP, "appointment": APPOINTMENT}


@dataclass(frozen=True, slots=True)
class Trace:
    """What was built on one person of the import: whose page to look at (None: not for the actor), and a sentence."""

    person: Person | None
    sentence: str


@dataclass(frozen=True, slots=True)
class BuiltOn:
    """The first traces one by one, the rest as sentences with numbers."""

    traces: list[Trace]
    rest: list[str]


class _Row(NamedTuple):
    kind: str
    person_id: int
    times: int
    people: int  # of this kind in all
    total: int  # times of this kind in all


def may_be_undone(roster: RosterImport) -> bool:
    """Somebody came in by it, and nothing is going on with it right now."""
    has_come = RosterLine.objects.filter(roster=roster, state=LineState.IMPORTED)
    return roster.state not in UNFINISHED and has_come.exists()


def made_by(actor: Actor, roster: RosterImport) -> Made:
    """What the import wrote. Raises NotAllowed, and Refusal where it came in before such rows were noted."""
    require(rules.may_import(actor, roster.organization))
    if RosterLine.objects.filter(roster=roster, state=LineState.IMPORTED, made={}).exists():
        raise Refusal(BEFORE)
    with connection.cursor() as cursor:
        cursor.execute(MADE, [roster.pk])
        found: dict[str, list[int]] = dict(cursor.fetchall())
    return Made(**{field.name: found.get(field.name, []) for field in fields(Made)})


def built_on(actor: Actor, roster: RosterImport, made: Made) -> BuiltOn:
    """Everything that refers to the import's rows beside the import itself. Three queries, however many rows."""
    require(rules.may_import(actor, roster.organization))
    own_verbs = [f"members.{verb}" for verb in OWN_VERBS]
    with connection.cursor() as cursor:
        query = COUNTED.format(tables=",\n".join(map(_own_table, MODELS)), hits=" union all ".join(_hits()))
        cursor.execute(query, {"roster": roster.pk, "own_verbs": own_verbs, "told": TOLD})
        rows = [_Row(*row) for row in cursor.fetchall()]
    return _told(actor, roster, rows)


def _hits() -> Iterator[str]:
    """One select for each way to refer to a row of the import: kind of trace, person it is about."""
    yield (
        "select 'members.person_account', id from members_person x join own_person using (id) "
        "where x.account_id is not null"
    )
    yield (
        "select 'members.circumstance_changed', person_id from members_circumstance x join own_circumstance using (id) "
        "where upper(x.during) is not null"
    )
    for name, source in SOURCES.items():
        yield (
            f"select e.verb, {_person_of(name)} from own_{name} join {MODELS[name]._meta.db_table} x using (id) "
            f"join journal_entry e on e.subject_id = x.id "
            f"where e.subject_kind = {source.number} and e.verb <> all(%(own_verbs)s)"
        )
    for name, model in MODELS.items():
        for place in references(model):
            table, column = place.model._meta.db_table, place.column
            yield (
                f"select '{kind_of(place)}', {_person_of(name)} from own_{name} "
                f"join {model._meta.db_table} x using (id) join {table} r on r.{column} = x.id "
                f"where {_foreign(place.model)}"
            )


def _own_table(name: str) -> str:
    return f"own_{name}(id) as materialized (select id from made where table_name = '{name}')"


def references(model: type[Model]) -> list["ForeignKey[Any, Any]"]:
    """Every foreign key, of any area, that points at the model."""
    related = [field for field in model._meta.get_fields(include_hidden=True) if isinstance(field, ForeignObjectRel)]
    return [relation.field for relation in related if isinstance(relation.field, ForeignKey)]


def kind_of(place: "ForeignKey[Any, Any]") -> str:
    """The name of a reference in TRACES, such as activities.rollline_person."""
    return f"{place.model._meta.label_lower}_{place.name}"


def _person_of(name: str) -> str:
    return "x.id" if name == "person" else "x.person_id"


def _foreign(model: type[Model]) -> str:
    """The row is not the import's own; rows of imports that came to nothing do not count."""
    own = next((name for name, made in MODELS.items() if made is model), None)
    if own:
        return f"not exists (select from own_{own} where own_{own}.id = r.id)"
    if model is RosterLine:
        return (
            "not exists (select from members_rosterimport i where i.id = r.roster_id "
            "and (i.id = %(roster)s or i.state in ('refused', 'undone')))"
        )
    return "true"


def _told(actor: Actor, roster: RosterImport, rows: Sequence[_Row]) -> BuiltOn:
    first = rows[:TOLD]
    ids = {row.person_id for row in first}
    named = people_seen_by(actor).in_bulk(ids)
    lines = RosterLine.objects.filter(roster=roster, person_id__in=ids).values_list("person_id", "branch__name")
    branches = {person_id: name or "" for person_id, name in lines}
    traces = []
    for row in first:
        person, branch = named.get(row.person_id), branches.get(row.person_id)
        who = (f"{branch}的" if branch else "") + (person.name if person else "一位同志")
        traces.append(Trace(person, f"{who}{_said(row.kind, row.times)}"))
    return BuiltOn(traces, list(_rest(first, {row.kind: row for row in rows})))


def _rest(told: Sequence[_Row], kinds: Mapping[str, _Row]) -> Iterator[str]:
    people = Counter(row.kind for row in told)
    times = {kind: sum(row.times for row in told if row.kind == kind) for kind in kinds}
    for kind, row in kinds.items():
        if more := row.people - people[kind]:
            yield f"还有{more}人{_said(kind, int(row.total) - times[kind])}"


def _said(kind: str, times: int) -> str:
    """The words for a kind of trace, which may be a verb of the journal."""
    sentence = TRACES.get(kind, f"已办过{{n}}次“{VERBS.get(kind, '别的事')}”")
    return sentence.format(n=times)
