"""The sheets of a workbook as plain grids, merged cells filled in."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sangyu.kit import partial_date
from sangyu.members.roster.entry import RosterRefused
from sangyu.members.roster.grids import Grid, grids
from sangyu.members.roster.opening import refuse_unreadable

# Excel keeps 15 digits of a number; the rest of a longer one is already lost.
EXACT_NUMBER = 1e15


@contextmanager
def sheets_of(content: bytes) -> Iterator[list[Grid]]:
    """The visible sheets that hold anything. Raises RosterRefused when the file can't be read or holds nothing."""
    refuse_unreadable(content)
    with grids(content) as found:
        filled = [grid for grid in found if grid.head]
        if not filled:
            raise RosterRefused("工作簿里没有内容，请确认选对了文件")
        yield filled


def cell_text(cell: object) -> str:
    """The cell as a person would type it: no tail .0 on numbers, dates in Chinese, no outer blanks."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and abs(cell) < EXACT_NUMBER and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, float):
        return f"{cell:.15G}"
    if isinstance(cell, (date, datetime)):
        return _date_text(cell)
    return str(cell).strip()


def tidy(cell: object) -> str:
    """The cell's text in half-width characters and without any blanks, to compare by."""
    text = cell if isinstance(cell, str) else cell_text(cell)
    return "".join((text if text.isascii() else unicodedata.normalize("NFKC", text)).split())


def _date_text(day: date) -> str:
    try:
        return str(partial_date.parse(day))
    except ValueError:
        return day.isoformat()
