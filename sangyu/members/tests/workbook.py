"""Workbooks for the tests, and numbers for the people in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from sangyu.kit.identity_number import check_digit
from sangyu.members.roster.apart import opened_safely
from sangyu.members.roster.entry import RosterRow

TODAY = date(2018, 6, 15)

Merge = tuple[int, int, int, int, str]
Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Roster:
    """A whole file as it was read."""

    title: str
    as_of: date | None
    columns: dict[str, dict[str, str]]
    ignored: tuple[str, ...]
    skipped_sheets: tuple[str, ...]
    rows: tuple[RosterRow, ...]


def read_roster(content: bytes, today: date, synonyms: Mapping[str, str] | None = None) -> Roster:
    """Every row of a file. Raises RosterRefused."""
    with opened_safely(content, today, synonyms or {}) as file:
        assert not file.unclear, file.refusal
        rows = tuple(file.rows)
        return Roster(file.title, file.as_of, file.columns, file.ignored, file.skipped_sheets, rows)


def number_of(born: str, order: str = "001") -> str:
    """A sound identity number; born as 19510302, order odd for men."""
    first17 = f"620299{born}{order}"
    return first17 + check_digit(first17)


def workbook(sheets: dict[str, Rows], merges: Sequence[Merge] = ()) -> bytes:
    """The sheets with their rows; `merges` (top, left, bottom, right, text) go into the first."""
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        day_format = book.add_format({"num_format": "yyyy-mm-dd"})
        for place, (name, rows) in enumerate(sheets.items()):
            sheet = book.add_worksheet(name)
            for merge in merges if place == 0 else ():
                sheet.merge_range(*merge)
            for row, cells in enumerate(rows):
                _write(sheet, row, cells, day_format)
    return buffer.getvalue()


def read(rows: Rows, name: str = "Sheet1", merges: Sequence[Merge] = ()) -> Roster:
    return read_roster(workbook({name: rows}, merges), TODAY)


def _write(sheet: Worksheet, row: int, cells: Sequence[object], day_format: object) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, date):
            sheet.write_datetime(row, column, cell, day_format)
        elif isinstance(cell, str):
            if cell:
                sheet.write_string(row, column, cell)
        elif cell is not None:
            sheet.write(row, column, cell)
