"""What would become of each row of a roster, seen against what the database knows. A few queries for any file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sangyu.kit import crypto
from sangyu.kit.partial_date import PartialDate
from sangyu.members.models import Membership, Organization, Person
from sangyu.members.models.belonging import MembershipKind
from sangyu.members.models.person import ID_NUMBER
from sangyu.members.models.roster import LineState
from sangyu.members.roster.columns import LABELS
from sangyu.members.roster.entry import Problem, Roster, RosterEntry, RosterRow
from sangyu.members.roster.sheets import tidy

PARTS = {"year": 1, "month": 2, "day": 3}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row: its state; the branch it names; for one that comes in, since when; and who it is, if registered."""

    row: RosterRow
    state: LineState
    branch: Organization | None = None
    since: date | None = None
    person: Person | None = None
    problems: tuple[Problem, ...] = ()


class _Bad(Exception):
    """The row cannot come in: field of the roster, and reason."""


@dataclass
class _Known:
    """What the database knows of the rows' branches and people."""

    organization: Organization
    branches: Mapping[str, list[Organization]]
    by_number: Mapping[bytes, Person]
    by_name: Mapping[tuple[int, str], list[Person]]
    formal: Mapping[int, list[Membership]]
    seen: dict[tuple[int, str], list[tuple[RosterRow, RosterEntry]]] = field(default_factory=lambda: defaultdict(list))


def verdicts(organization: Organization, roster: Roster, as_of: date, rows: Sequence[RosterRow]) -> list[Verdict]:
    """The verdict of each of these rows, in their order. Four queries, however many rows."""
    known = _look_up(organization, [row.entry for row in rows if row.entry])
    return [_verdict(known, roster, as_of, row) for row in rows]


def _verdict(known: _Known, roster: Roster, as_of: date, row: RosterRow) -> Verdict:
    if row.entry is None:
        return Verdict(row, LineState.BAD, problems=row.problems)
    branch = None
    try:
        branch = _branch(known, row.entry)
        person = _person(known, branch, row.entry)
        if person and any(m.organization_id == branch.pk and m.during.upper is None for m in known.formal[person.pk]):
            return Verdict(row, LineState.KNOWN, branch, person=person)
        since = _since(branch, row.entry, as_of)
        _check_elsewhere(known, branch, since, person)
        _check_repeated(known, branch, row, row.entry)
    except _Bad as bad:
        name, reason = bad.args
        column = roster.columns.get(row.sheet, {}).get(name, LABELS[name])
        return Verdict(row, LineState.BAD, branch, problems=(Problem(column, reason),))
    return Verdict(row, LineState.READY, branch, since, person)


def _look_up(organization: Organization, entries: Sequence[RosterEntry]) -> _Known:
    branches = branches_by_name(organization)
    numbered = Person.objects.filter(id_number_index__in=[_index(e) for e in entries if e.id_number])
    by_number = {bytes(person.id_number_index or b""): person for person in numbered}
    ids = {branch.pk for named in branches.values() for branch in named}
    by_name: dict[tuple[int, str], list[Person]] = defaultdict(list)
    namesakes = Membership.objects.filter(
        kind=MembershipKind.FORMAL,
        organization_id__in=ids,
        during__endswith__isnull=True,
        person__name__in={entry.name for entry in entries},
    )
    for membership in namesakes.select_related("person"):
        by_name[membership.organization_id, membership.person.name].append(membership.person)
    people = {p.pk for p in by_number.values()} | {p.pk for same in by_name.values() for p in same}
    return _Known(organization, branches, by_number, by_name, _formal(people))


def branches_by_name(organization: Organization) -> dict[str, list[Organization]]:
    """Standing branches below by each of their names, without blanks."""
    named: dict[str, list[Organization]] = defaultdict(list)
    for branch in Organization.objects.under(organization).branches().filter(dissolved_on__isnull=True):
        for name in {tidy(branch.name), tidy(branch.short_name)}:
            named[name].append(branch)
    return named


def _formal(people: Iterable[int]) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = defaultdict(list)
    rows = Membership.objects.filter(kind=MembershipKind.FORMAL, person_id__in=list(people))
    for membership in rows.select_related("organization").order_by("during"):
        found[membership.person_id].append(membership)
    return found


def _index(entry: RosterEntry) -> bytes:
    return crypto.blind_index(crypto.keyring(), entry.id_number, ID_NUMBER)


def _branch(known: _Known, entry: RosterEntry) -> Organization:
    if not entry.branch:
        if known.organization.is_branch:
            return known.organization
        raise _Bad("branch", "没有写是哪个支部，请补上“所在支部”一列，或把工作表的名称改成支部的名称")
    found = known.branches.get(tidy(entry.branch), [])
    if not found:
        raise _Bad("branch", f"没有找到支部“{entry.branch}”。请先在组织树中新建它，或改正支部名称")
    if len(found) > 1:
        raise _Bad("branch", f"有{len(found)}个支部都叫“{entry.branch}”，请按它们的上级组织分开上传")
    return found[0]


def _person(known: _Known, branch: Organization, entry: RosterEntry) -> Person | None:
    """By number; else by name and birth in the branch, where one of the two numbers is not known."""
    if entry.id_number and (person := known.by_number.get(_index(entry))):
        return person
    namesakes = known.by_name.get((branch.pk, entry.name), [])
    return next((p for p in namesakes if _same_birth(p, entry) and not (entry.id_number and p.id_number_index)), None)


def _same_birth(person: Person, entry: RosterEntry) -> bool:
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


def _check_elsewhere(known: _Known, branch: Organization, since: date, person: Person | None) -> None:
    for membership in known.formal[person.pk] if person else ():
        where, until = membership.organization, membership.during.upper
        # Another office's branches are not this office's business.
        name = f"“{where.name}”" if where.line[0] == branch.line[0] else "另一个单位"
        if until is None:
            raise _Bad("branch", f"组织关系已在{name}，请先办理转出")
        if until > since:
            raise _Bad("since", f"组织关系到{PartialDate(until, 'day')}才从{name}转出，转入时间不能早于这一天，请核对")


def _check_repeated(known: _Known, branch: Organization, row: RosterRow, entry: RosterEntry) -> None:
    """Numbers that stand twice are found by the reader; here people of whom one row or both have no number."""
    namesakes = known.seen[branch.pk, entry.name]
    for first, other in namesakes:
        alike = _same_day((entry.born.day, entry.born.precision), (other.born.day, other.born.precision))
        if alike and not (entry.id_number and other.id_number):
            where = f"工作表“{first.sheet}”第{first.number}行"
            raise _Bad("name", f"与{where}的姓名、出生年月、支部都相同，请核对；是同一人就删去这一行")
    namesakes.append((row, entry))
