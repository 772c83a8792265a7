"""Rosters of the cast's office, small enough to be read in a test."""

from collections.abc import Sequence
from datetime import date

from sangyu.members.actions import rosters
from sangyu.members.models import RosterImport
from sangyu.members.tests.cast import Cast
from sangyu.members.tests.workbook import number_of, workbook

HEADER = ("所在支部", "姓名", "身份证号", "党内职务", "居住地", "身体状况", "转入时间", "联系电话")
BRANCH, NEIGHBOUR = "机关工委离退休干部党支部", "宣传部支部"  # a full and a short name
AS_OF = date(2018, 5, 31)

Row = Sequence[object]


def person(name: str, order: int = 1, branch: str = BRANCH, **cells: str) -> Row:
    """One row; `order` makes the number somebody's own; `cells` by the header's name."""
    told = {"所在支部": branch, "姓名": name, "身份证号": number_of("19480215", f"{order:03d}"), **cells}
    return [told.get(column, "") for column in HEADER]


def roster_file(*rows: Row, sheet: str = "花名册") -> bytes:
    return workbook({sheet: [["离退休干部党员花名册（截至2018年5月）"], HEADER, *rows]})


def receive_file(cast: Cast, content: bytes) -> RosterImport:
    """Uploaded by the bureau's clerk for the whole office."""
    return rosters.receive_roster(cast.actor(cast.clerk), cast.office, "花名册.xlsx", content)


def receive(cast: Cast, *rows: Row) -> RosterImport:
    """The same, from rows; two files of the same rows differ (a workbook knows when it was made)."""
    return receive_file(cast, roster_file(*rows))


def bring_in(cast: Cast, *rows: Row) -> RosterImport:
    """Uploaded and written."""
    return rosters.apply_roster(cast.actor(cast.clerk), receive(cast, *rows))


def states(roster: RosterImport) -> list[str]:
    return list(roster.lines.order_by("id").values_list("state", flat=True))


def reasons(roster: RosterImport) -> list[tuple[str, str]]:
    """Column and reason of every fault, in file order."""
    return [problem for line in roster.lines.order_by("id") for problem in line.problems]
