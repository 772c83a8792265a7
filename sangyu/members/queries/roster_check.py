"""What would become of each row of a roster, seen against what the database knows. A few queries for any chunk."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from sangyu.kit import crypto
from sangyu.kit.copying import byte_array
from sangyu.kit.partial_date import PartialDate
from sangyu.members.models import Membership, Organization
from sangyu.members.models.belonging import MembershipKind
from sangyu.members.models.person import ID_NUMBER
from sangyu.members.models.roster import LineState
from sangyu.members.roster.columns import LABELS
from sangyu.members.roster.entry import Problem, RosterEntry, RosterRow
from sangyu.members.roster.sheets import tidy

PARTS = {"year": 1, "month": 2, "day": 3}

Numbers = Mapping[str, list[bytes]]  # identity number -> what people who have it are looked up by
Columns = Mapping[str, Mapping[str, str]]  # sheet -> field -> header
Branches = Mapping[str, list[Organization]]

NUMBERED = """
select id_number_index, id, born_on, born_precision from members_person where id_number_index = any(%s::bytea[])"""

# Of somebody with a number only those namesakes matter who have none, and they are few.
NAMESAKES = """
select distinct on (x.branch, p.id) x.branch, p.name, p.id, p.born_on, p.born_precision, p.id_number_index is not null
  from unnest(%s::int[], %s::text[], %s::bool[]) x(branch, name, numbered)
  join members_membership m on m.organization_id = x.branch and m.kind = 'formal' and upper_inf(m.during)
  join members_person p on p.id = m.person_id and p.name = x.name
 where not x.numbered or p.id_number_index is null
 order by x.branch, p.id"""


class KnownPerson(NamedTuple):
    """Somebody who is registered, as far as telling them apart needs it."""

    id: int
    born_on: date | None
    born_precision: str
    has_number: bool


class Verdict(NamedTuple):
    """One row: its state; the branch it names; for one that comes in, since when; and who it is, if registered."""

    row: RosterRow
    state: LineState
    branch: Organization | None = None
    since: date | None = None
    person_id: int | None = None
    problems: tuple[Problem, ...] = ()


class _Bad(Exception):
    """The row cannot come in: field of the roster, and reason."""


@dataclass(frozen=True)
class _Known:
    """What the database knows of the rows' branches and people."""

    organization: Organization
    branches: Branches
    by_number: Mapping[str, KnownPerson]
    by_name: Mapping[tuple[int, str], list[KnownPerson]]
    formal: Mapping[int, list[Membership]]


def verdicts(
    organization: Organization,
    branches: Branches,
    columns: Columns,
    as_of: date,
    rows: Sequence[RosterRow],
    numbers: Numbers | None = None,
) -> list[Verdict]:
    """The verdict of each of these rows, in their order. Three queries, however many rows.

    `numbers`: as `indexed` tells them, where somebody needs them too.
    """
    entries = [row.entry for row in rows if row.entry]
    known = _look_up(organization, branches, entries, indexed(entries) if numbers is None else numbers)
    return [_verdict(known, columns, as_of, row) for row in rows]


def indexed(entries: Iterable[RosterEntry]) -> Numbers:
    """The identity numbers of these rows with their keyed indexes, newest first."""
    keyring = crypto.keyring()
    return {e.id_number: crypto.blind_indexes(keyring, e.id_number, ID_NUMBER) for e in entries if e.id_number}


def branches_by_name(organization: Organization) -> dict[str, list[Organization]]:
    """Standing branches below by each of their names, without blanks."""
    named: dict[str, list[Organization]] = defaultdict(list)
    for branch in Organization.objects.under(organization).branches().filter(dissolved_on__isnull=True):
        for name in {tidy(branch.name), tidy(branch.short_name)}:
            named[name].append(branch)
    return dict(named)


def alike(one: RosterEntry, other: RosterEntry) -> bool:
    """Two rows of one name and branch speak of one person: as far as both births are known, they are the same day.

    Who has a number each is told apart by it.
    """
    return _same_day((one.born.day, one.born.precision), (other.born.day, other.born.precision)) and not (
        one.id_number and other.id_number
    )


def _verdict(known: _Known, columns: Columns, as_of: date, row: RosterRow) -> Verdict:
    if row.entry is None:
        return Verdict(row, LineState.BAD, problems=row.problems)
    branch = None
    try:
        branch = _branch(known, row.entry)
        person = _person(known, branch, row.entry)
        formal = known.formal.get(person.id, ()) if person else ()
        if person and any(m.organization_id == branch.pk and m.during.upper is None for m in formal):
            return Verdict(row, LineState.KNOWN, branch, person_id=person.id)
        since = _since(branch, row.entry, as_of)
        _check_elsewhere(formal, branch, since)
    except _Bad as bad:
        name, reason = bad.args
        column = columns.get(row.sheet, {}).get(name, LABELS[name])
        return Verdict(row, LineState.BAD, branch, problems=(Problem(column, reason),))
    return Verdict(row, LineState.READY, branch, since, person.id if person else None)


def _look_up(
    organization: Organization, branches: Branches, entries: Sequence[RosterEntry], numbers: Numbers
) -> _Known:
    by_number = _by_number(numbers)
    wanted = {
        (branch.pk, entry.name, bool(entry.id_number))
        for entry in entries
        if entry.id_number not in by_number
        for branch in (branches.get(entry.branch, []) if entry.branch else [organization])
    }
    by_name = _namesakes(wanted)
    people = {person.id for person in by_number.values()} | {p.id for same in by_name.values() for p in same}
    return _Known(organization, branches, by_number, by_name, _formal(people))


def _by_number(numbers: Numbers) -> dict[str, KnownPerson]:
    indexes = {index: number for number, own in numbers.items() for index in own}
    if not indexes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(NUMBERED, [byte_array(indexes)])
        return {
            indexes[bytes(index)]: KnownPerson(person_id, born_on, precision, True)
            for index, person_id, born_on, precision in cursor.fetchall()
        }


def _namesakes(wanted: set[tuple[int, str, bool]]) -> dict[tuple[int, str], list[KnownPerson]]:
    """Formal members of a branch by name, for each branch and name: those who may be the person of a row."""
    found: dict[tuple[int, str], list[KnownPerson]] = defaultdict(list)
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(NAMESAKES, [list(column) for column in zip(*wanted, strict=True)])
            for branch, name, *person in cursor.fetchall():
                found[branch, name].append(KnownPerson(*person))
    return dict(found)


def _formal(people: Iterable[int]) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = defaultdict(list)
    rows = Membership.objects.filter(kind=MembershipKind.FORMAL, person_id__in=list(people))
    for membership in rows.select_related("organization").order_by("during"):
        found[membership.person_id].append(membership)
    return dict(found)


def _branch(known: _Known, entry: RosterEntry) -> Organization:
    if not entry.branch:
        if known.organization.is_branch:
            return known.organization
        raise _Bad("branch", "没有写是哪个支部，请补上“所在支部”一列，或把工作表的名称改成支部的名称")
    found = known.branches.get(entry.branch, [])
    if not found:
        raise _Bad("branch", f"没有找到支部“{entry.branch}”。请先在组织树中新建它，或改正支部名称")
    if len(found) > 1:
        raise _Bad("branch", f"有{len(found)}个支部都叫“{entry.branch}”，请按它们的上级组织分开上传")
    return found[0]


def _person(known: _Known, branch: Organization, entry: RosterEntry) -> KnownPerson | None:
    """By number; else by name and birth in the branch, where one of the two numbers is not known."""
    if entry.id_number and (person := known.by_number.get(entry.id_number)):
        return person
    namesakes = known.by_name.get((branch.pk, entry.name), ())
    return next((p for p in namesakes if _same_birth(p, entry) and not (entry.id_number and p.has_number)), None)


def _same_birth(person: KnownPerson, entry: RosterEntry) -> bool:
    if person.born_on is None:
        return False
    return _same_day((person.born_on, person.born_precision), (entry.born.day, entry.born.precision))


def _same_day(one: tuple[date, str], other: tuple[date, str]) -> bool:
    """True when the two may be the same day, as far as both are known."""
    depth = min(PARTS[one[1]], PARTS[other[1]])
    return one[0].timetuple()[:depth] == other[0].timetuple()[:depth]


def _since(branch: Organization, entry: RosterEntry, as_of: date) -> date:
    """The day of joining: as written, else the roster's day. A month or year may mean a day after the founding."""
    if entry.since and entry.since.last_day < branch.founded_on:
        founded = PartialDate(branch.founded_on, "day")
        raise _Bad("since", f"转入时间是{entry.since}，支部“{branch.name}”到{founded}才成立，请核对后改正")
    return max(entry.since.day if entry.since else as_of, branch.founded_on)


def _check_elsewhere(formal: Sequence[Membership], branch: Organization, since: date) -> None:
    for membership in formal:
        where, until = membership.organization, membership.during.upper
        # Another office's branches are not this office's business.
        name = f"“{where.name}”" if where.line[0] == branch.line[0] else "另一个单位"
        if until is None:
            raise _Bad("branch", f"组织关系已在{name}，请先办理转出")
        if until > since:
            raise _Bad("since", f"组织关系到{PartialDate(until, 'day')}才从{name}转出，转入时间不能早于这一天，请核对")
