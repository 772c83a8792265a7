"""Rows of one roster that speak of the same person: found by the database, so that memory holds no whole roster."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django.db import connection

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import require
from sangyu.members import rules
from sangyu.members.models import RosterImport, RosterLine
from sangyu.members.queries.roster_check import Columns, alike
from sangyu.members.roster.columns import LABELS
from sangyu.members.roster.entry import Problem, RosterEntry, entry_again

# Rows that were just corrected count as later than all others.
SAME_NUMBER = """
select id, first from
  (select id, first_value(id) over (partition by number_index order by id = any(%(late)s), id) first
     from members_rosterline
    where roster_id = %(roster)s and number_index is not null and state not in ('left_out', 'undone')
      and (%(all)s or number_index in (select number_index from members_rosterline where id = any(%(late)s)))) x
 where id <> first and (%(all)s or id = any(%(late)s)) order by id"""

# Only where a row has no number: those that both have one are told apart by it, or found above.
SAME_NAME = """
select array_agg(id order by id = any(%(late)s), id) from members_rosterline
 where roster_id = %(roster)s and state = 'ready' and name_index is not null
   and (%(all)s or name_index in (select name_index from members_rosterline where id = any(%(late)s)))
 group by branch_id, name_index having count(*) > 1 and count(number_index) < count(*)"""


class Repeat(NamedTuple):
    """A row of somebody whom an earlier row has named already, and why it stays out."""

    line: RosterLine
    problem: Problem


def same_number(actor: Actor, roster: RosterImport, columns: Columns, late: Collection[int] = ()) -> Iterator[Repeat]:
    """Every row whose identity number an earlier row has; of the rows `late` alone, where there are any."""
    pairs = _found(actor, roster, SAME_NUMBER, late)
    lines = _lines([line_id for pair in pairs for line_id in pair])
    for second, first in ((lines[second], lines[first]) for second, first in pairs):
        where = f"工作表“{first.sheet}”第{first.number}行（{first.text['name']}）"
        reason = f"与{where}的身份证号相同，请核对；是同一人就删去这一行"
        yield Repeat(second, Problem(_column(columns, second, "id_number"), reason))


def same_name(actor: Actor, roster: RosterImport, columns: Columns, late: Collection[int] = ()) -> Iterator[Repeat]:
    """Every row of the same name, branch and birth as an earlier one, where not both have a number."""
    groups = [ids for (ids,) in _found(actor, roster, SAME_NAME, late)]
    lines = _lines([line_id for group in groups for line_id in group])
    for group in groups:
        kept: list[tuple[RosterLine, RosterEntry]] = []
        for line in (lines[line_id] for line_id in group):
            entry = entry_again(line.contents["entry"])
            first = next((other for other, said in kept if alike(said, entry)), None)
            if first is None:
                kept.append((line, entry))
                continue
            where = f"工作表“{first.sheet}”第{first.number}行"
            reason = f"与{where}的姓名、出生年月、支部都相同，请核对；是同一人就删去这一行"
            yield Repeat(line, Problem(_column(columns, line, "name"), reason))


def _found(actor: Actor, roster: RosterImport, select: str, late: Collection[int]) -> list[tuple[Any, ...]]:
    require(rules.may_import(actor, roster.organization))
    with connection.cursor() as cursor:
        cursor.execute(select, {"roster": roster.pk, "late": list(late), "all": not late})
        return list(cursor.fetchall())


def _lines(ids: Collection[int]) -> dict[int, RosterLine]:
    return RosterLine.objects.in_bulk(list(set(ids)))


def _column(columns: Columns, line: RosterLine, field: str) -> str:
    return columns.get(line.sheet, {}).get(field, LABELS[field])
