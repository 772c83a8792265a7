"""Let Excel's reader lay out the sheets of a workbook, in a process apart where that process may not survive it."""

import os
import pickle
import subprocess
import sys
from io import BytesIO

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

Grid = tuple[str, list[list[object]]]

LONGEST_READING = 60  # seconds


def read_grids(content: bytes) -> list[Grid]:
    """Name and rows (from Excel's row 1) of each visible sheet, every cell of a merged range holding its value.

    Raises RosterRefused for a damaged or locked workbook.
    """
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            return [
                (sheet.name, _unmerged(workbook.get_sheet_by_name(sheet.name)))
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
            ]
    except PasswordError:
        raise RosterRefused(LOCKED) from None
    except CalamineError:
        raise RosterRefused(DAMAGED) from None


def read_grids_apart(content: bytes) -> list[Grid]:
    """`read_grids` for the format of before 2007: a damaged .xls can abort the process that reads it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        reading = subprocess.run(
            [sys.executable, "-m", __name__],
            input=content,
            capture_output=True,
            env=environment,
            timeout=LONGEST_READING,
        )
    except subprocess.TimeoutExpired:
        raise RosterRefused(DAMAGED) from None
    if reading.returncode != 0:
        raise RosterRefused(DAMAGED)
    answer: list[Grid] | str = pickle.loads(reading.stdout)
    if isinstance(answer, str):
        raise RosterRefused(answer)
    return answer


def _unmerged(sheet: CalamineSheet) -> list[list[object]]:
    rows: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        # A merge may reach beyond the filled part of the sheet.
        if top < len(rows) and left < len(rows[top]):
            value = rows[top][left]
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [value] * len(row[left : right + 1])
    return rows


def _answer_parent() -> None:
    """Grids or the reason of a refusal, from the workbook on the input to the process that asked."""
    try:
        answer: list[Grid] | str = read_grids(sys.stdin.buffer.read())
    except RosterRefused as refusal:
        answer = str(refusal)
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    _answer_parent()
