"""Let Excel's reader lay out the sheets of a workbook."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from typing import NamedTuple, cast

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from sangyu.members.roster.entry import RosterRefused
from sangyu.members.roster.opening import DAMAGED, LOCKED

Row = list[object]
Cells = tuple[int, int, int, int]  # top, left, bottom, right of a merged range

HEAD = 40  # rows of each sheet that are known before any other is read


class Grid(NamedTuple):
    """A visible sheet: its rows from Excel's row 1, every cell of a merged range holding its value.

    `head` is its first rows, `rest` the others, to be read once and sheet after sheet.
    """

    name: str
    height: int
    head: list[Row]
    rest: Iterator[Row]


@contextmanager
def grids(content: bytes) -> Iterator[list[Grid]]:
    """The sheets of a workbook. Raises RosterRefused for a damaged or locked one."""
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            found = [
                workbook.get_sheet_by_name(sheet.name)
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
            ]
    except PasswordError:
        raise RosterRefused(LOCKED) from None
    except CalamineError:
        raise RosterRefused(DAMAGED) from None
    yield [_grid(sheet) for sheet in found]


def _grid(sheet: CalamineSheet) -> Grid:
    rows = _unmerged(sheet)
    return Grid(sheet.name, sheet.total_height, list(islice(rows, HEAD)), rows)


def _unmerged(sheet: CalamineSheet) -> Iterator[Row]:
    merged = sorted((top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    rows = cast("Iterator[Row]", sheet.iter_rows())
    return _filled(rows, merged) if merged else rows


def _filled(rows: Iterator[Row], merged: list[Cells]) -> Iterator[Row]:
    """Each row with the values of the merged ranges that reach into it."""
    waiting = iter(merged)
    following = next(waiting, None)
    open_ranges: list[tuple[Cells, object]] = []
    for number, row in enumerate(rows):
        while following and following[0] <= number:
            # A merge may reach beyond the filled part of the sheet.
            if following[0] == number and following[1] < len(row):
                open_ranges.append((following, row[following[1]]))
            following = next(waiting, None)
        open_ranges = [(cells, value) for cells, value in open_ranges if cells[2] >= number]
        for (_, left, _, right), value in open_ranges:
            row[left : right + 1] = [value] * len(row[left : right + 1])
        yield row
