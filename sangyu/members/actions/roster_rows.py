"""The rows of a roster become people with membership, circumstances and posts: many at once, each as if by hand."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.journal.declare import Deed
from sangyu.kit import crypto
from sangyu.kit.copying import copy_rows, plain_array, take_ids
from sangyu.kit.refusals import require
from sangyu.members import rules
from sangyu.members.metrics import APPOINTMENT, MEMBERSHIP, PERSON, facts_of_membership
from sangyu.members.models import Organization, RosterImport, RosterLine
from sangyu.members.models.belonging import CircumstanceKind, MembershipKind, Role
from sangyu.members.models.roster import LineState
from sangyu.members.queries.roster_check import Branches, Columns, Numbers, Verdict, branches_by_name, indexed, verdicts
from sangyu.members.queries.roster_places import Taken, taken_places
from sangyu.members.roster.columns import LABELS
from sangyu.members.roster.entry import Post, Problem, RosterEntry, RosterRow
from sangyu.members.stored_lines import StoredLine, mark, row_again, rows_ready, write_row
from sangyu.members.stored_people import COLUMNS, Stored, stored_person

Step = Callable[[int, int], None]  # rows done, rows in all
Judged = tuple[int, Verdict, Stored]  # a line by its id, what becomes of it, and its person if new

CHUNK = 4000  # rows looked up and written at once
ATTEMPTS = 5
FORMAL = MembershipKind.FORMAL.value
SECRETARY: Post = "secretary"
JOINED = {"kind": FORMAL}
MARKED = ("state", "branch", "person", "problems_sealed")
CIRCUMSTANCES = frozenset(CircumstanceKind.values)
# What somebody else may have written between our look and our write.
RACED = frozenset(
    {
        "members_person_once", "members_one_formal_membership", "members_membership_once", "members_appointment_once",
        "members_one_secretary", "members_circumstance_once",
    }
)  # fmt: skip

# What came of the lines; `made` names every row that each wrote.
SETTLE = """
update members_rosterline l
   set state = 'imported', branch_id = x.branch, person_id = x.person, problems_sealed = null,
       made = jsonb_strip_nulls(jsonb_build_object(
           'person', case when x.fresh then jsonb_build_array(x.person) end,
           'membership', jsonb_build_array(x.membership),
           'circumstance', case when x.first_noted is not null
                                then to_jsonb(array_remove(array[x.first_noted, x.second_noted], null)) end,
           'appointment', case when x.appointment is not null then jsonb_build_array(x.appointment) end))
  from unnest(%s::bigint[], %s::int[], %s::bigint[], %s::bool[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
       x(id, branch, person, fresh, membership, first_noted, second_noted, appointment)
 where l.id = x.id"""


# Foreign keys are looked at now and not when all is committed, so that they don't pile up; and by one plan: planned
# anew for each row, as everything else is (docs/decisions/0004), they take a sixth of the whole import.
LOOK_AT_KEYS = (
    "set local plan_cache_mode = force_generic_plan",
    "set constraints all immediate",
    "set constraints all deferred",
    "set local plan_cache_mode = force_custom_plan",
)


class Joining(NamedTuple):
    """A membership about to be written, as `facts_of_membership` wants to see it."""

    kind: str
    organization_id: int
    person_id: int
    during: DateRange


class _Chunk(NamedTuple):
    """Lines that are ready: ids, rows, and their people as they would be stored."""

    ids: list[int]
    rows: list[RosterRow]
    people: list[Stored]
    numbers: Numbers


class _Coming(NamedTuple):
    """One row that comes in, with the ids of all that it writes."""

    line_id: int
    stored: Stored  # the person
    entry: RosterEntry
    branch: Organization
    since: date
    person_id: int
    is_new: bool
    membership_id: int
    noted: list[tuple[int, str]]  # circumstances: id and kind
    appointment_id: int | None
    problems: tuple[Problem, ...]

    @property
    def remarked(self) -> Verdict:
        """What became of a row that came in, but not wholly."""
        row = RosterRow("", 0, {}, self.entry, self.problems)
        return Verdict(row, LineState.IMPORTED, self.branch, self.since, self.person_id, self.problems)


def bring_in(actor: Actor, roster: RosterImport, step: Step) -> int:
    """Write the people of all rows that are ready; returns how many rows these were. Raises NotAllowed.

    Each row is judged anew. A post that is taken is noted and leaves the person in.
    """
    require(rules.may_import(actor, roster.organization))
    branches, columns = branches_by_name(roster.organization), roster.reading["columns"]
    ready = roster.lines.filter(state=LineState.READY).order_by("id")
    _write_as_now(ready)
    total, done = ready.count(), 0
    for chunk in _prepared(ready):
        _bring_in_chunk(actor, roster, branches, columns, chunk)
        done += len(chunk.ids)
        step(done, total)
    return total


def _write_as_now(ready: QuerySet[RosterLine]) -> None:
    """Rows of an import that was read before 2026-11-21 keep only their text: they are stored as rows are today."""
    lines = list(ready.filter(name_index=None).select_related("branch", "roster"))
    for line in lines:
        write_row(line, row_again(line))
    RosterLine.objects.bulk_update(lines, ["text_sealed", "number_index", "name_index"], batch_size=500)


def _prepared(ready: QuerySet[RosterLine]) -> Iterator[_Chunk]:
    """Chunk by chunk; while one is written, a thread opens and seals what the next needs."""
    stored = ready.values_list("id", "sheet", "number", "text_sealed")
    lines = list(stored[:CHUNK])
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(_prepare, lines) if lines else None
        while coming:
            chunk = coming.result()
            lines = list(stored.filter(pk__gt=chunk.ids[-1])[:CHUNK])
            coming = pool.submit(_prepare, lines) if lines else None
            yield chunk


def _prepare(lines: Sequence[StoredLine]) -> _Chunk:
    rows, keyring = rows_ready(lines), crypto.keyring()
    numbers = indexed(row.entry for row in rows if row.entry)
    people = [stored_person(keyring, row.entry, numbers) if row.entry else () for row in rows]
    return _Chunk([line[0] for line in lines], rows, people, numbers)


def _bring_in_chunk(actor: Actor, roster: RosterImport, branches: Branches, columns: Columns, chunk: _Chunk) -> None:
    """Somebody who was registered by others since we looked makes us look again: he is known then."""
    for attempt in range(1, ATTEMPTS + 1):
        judged = verdicts(roster.organization, branches, columns, roster.as_of, chunk.rows, chunk.numbers)
        try:
            with transaction.atomic():
                _write(actor, roster, list(zip(chunk.ids, judged, chunk.people, strict=True)))
            return
        except IntegrityError as broken:
            diagnosis = getattr(broken.__cause__, "diag", None)
            if attempt == ATTEMPTS or diagnosis is None or diagnosis.constraint_name not in RACED:
                raise


def _write(actor: Actor, roster: RosterImport, judged: Sequence[Judged]) -> None:
    coming = _coming(actor, roster, [one for one in judged if one[1].state == LineState.READY])
    _copy(coming, roster.as_of)
    journal.record_many(actor, [deed for one in coming for deed in _deeds(one)])
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, _settled(coming))
        for statement in LOOK_AT_KEYS:
            cursor.execute(statement)
    others = {line_id: verdict for line_id, verdict, _ in judged if verdict.state != LineState.READY}
    others |= {one.line_id: one.remarked for one in coming if one.problems}
    lines = list(RosterLine.objects.filter(pk__in=others).only("id"))
    for line in lines:
        mark(line, others[line.pk])
    RosterLine.objects.bulk_update(lines, MARKED, batch_size=500)


def _coming(actor: Actor, roster: RosterImport, ready: Sequence[Judged]) -> list[_Coming]:
    """Who comes in, each with fresh ids; posts and circumstances only where nothing stands in the way."""
    taken = taken_places(
        actor,
        roster,
        {verdict.branch.pk for _, verdict, _ in ready if verdict.branch and _entry(verdict).post == SECRETARY},
        {verdict.person_id for _, verdict, _ in ready if verdict.person_id},
    )
    people = iter(take_ids("members_person", sum(verdict.person_id is None for _, verdict, _ in ready)))
    memberships = take_ids("members_membership", len(ready))
    found = [
        _one_coming(taken, roster.as_of, one, one[1].person_id or next(people), membership)
        for one, membership in zip(ready, memberships, strict=True)
    ]
    noted = iter(take_ids("members_circumstance", sum(len(one.noted) for one in found)))
    posts = iter(take_ids("members_appointment", sum(one.appointment_id is not None for one in found)))
    return [
        one._replace(
            noted=[(next(noted), kind) for _, kind in one.noted],
            appointment_id=None if one.appointment_id is None else next(posts),
        )
        if one.noted or one.appointment_id is not None
        else one
        for one in found
    ]


def _one_coming(taken: Taken, as_of: date, judged: Judged, person_id: int, membership_id: int) -> _Coming:
    """Ids of circumstances and posts stand as 0 until it is known how many are needed."""
    line_id, verdict, stored = judged
    entry, branch, since = _entry(verdict), verdict.branch, verdict.since
    assert branch and since  # a ready row has them
    noted_on = max(as_of, since)
    noted: list[tuple[int, str]] = [
        (0, kind)
        for kind in (entry.residence, entry.mobility)
        if kind in CIRCUMSTANCES and taken.noted.get((person_id, kind), date.min) <= noted_on
    ]
    problems: tuple[Problem, ...] = ()
    if entry.post and (sentence := _taken_post(taken, person_id, branch, entry, since)):
        problems = (Problem(LABELS["post"], sentence),)
    elif entry.post == SECRETARY:
        taken.secretaries[branch.pk] = date.max
    post = 0 if entry.post and not problems else None
    is_new = verdict.person_id is None
    return _Coming(line_id, stored, entry, branch, since, person_id, is_new, membership_id, noted, post, problems)


def _taken_post(taken: Taken, person_id: int, branch: Organization, entry: RosterEntry, since: date) -> str:
    """Why the post can't be given, as `write_appointment` says it; '' when it can."""
    if taken.held.get((person_id, branch.pk, entry.post), date.min) > since:
        return f"{entry.name}已经是{branch.name}的{Role(entry.post).label}。"
    if entry.post == SECRETARY and taken.secretaries.get(branch.pk, date.min) > since:
        return f"{branch.name}已有书记，请先办理离任。"
    return ""


def _copy(coming: Sequence[_Coming], as_of: date) -> None:
    copy_rows("members_person", COLUMNS, ((one.person_id, *one.stored) for one in coming if one.is_new))
    copy_rows(
        "members_membership",
        ("id", "person_id", "organization_id", "kind", "party_status", "during"),
        (
            (one.membership_id, one.person_id, one.branch.pk, FORMAL, one.entry.status, f"[{one.since},)")
            for one in coming
        ),
    )
    copy_rows(
        "members_circumstance",
        ("id", "person_id", "kind", "during"),
        (
            (circumstance_id, one.person_id, kind, f"[{max(as_of, one.since)},)")
            for one in coming
            for circumstance_id, kind in one.noted
        ),
    )
    copy_rows(
        "members_appointment",
        ("id", "person_id", "organization_id", "role", "during"),
        (
            (one.appointment_id, one.person_id, one.branch.pk, one.entry.post, f"[{one.since},)")
            for one in coming
            if one.appointment_id
        ),
    )


def _deeds(one: _Coming) -> Iterator[Deed]:
    """What `write_person`, `write_membership`, `write_circumstance` and `write_appointment` record."""
    where, person_id = one.branch.pk, one.person_id
    if one.is_new:
        yield Deed("members.registered", PERSON, person_id, where)
    facts = facts_of_membership(Joining(FORMAL, where, person_id, DateRange(one.since, None)))
    yield Deed("members.joined", MEMBERSHIP, one.membership_id, where, facts, JOINED)
    for _ in one.noted:
        yield Deed("members.circumstance_noted", PERSON, person_id, where)
    if one.appointment_id:
        yield Deed("members.appointed", APPOINTMENT, one.appointment_id, where, None, {"role": one.entry.post})


def _settled(coming: Sequence[_Coming]) -> list[str]:
    """The columns of SETTLE."""
    noted = [[circumstance_id for circumstance_id, _ in one.noted] for one in coming]
    return [
        plain_array(one.line_id for one in coming),
        plain_array(one.branch.pk for one in coming),
        plain_array(one.person_id for one in coming),
        f"{{{','.join('t' if one.is_new else 'f' for one in coming)}}}",
        plain_array(one.membership_id for one in coming),
        plain_array(ids[0] if ids else None for ids in noted),
        plain_array(ids[1] if len(ids) > 1 else None for ids in noted),
        plain_array(one.appointment_id for one in coming),
    ]


def _entry(verdict: Verdict) -> RosterEntry:
    assert verdict.row.entry  # a ready row has one
    return verdict.row.entry
