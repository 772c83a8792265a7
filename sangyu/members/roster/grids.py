"""Let Excel's reader lay out the sheets of a workbook, in a process apart where that process may not survive it."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from threading import Timer
from typing import BinaryIO, NamedTuple, cast

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

LONGEST_LAYOUT = 120  # seconds
HEAD = 40  # rows of each sheet that are known before any other is read
CHUNK = 2000  # rows that travel from the process apart at once


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


@contextmanager
def grids_apart(content: bytes) -> Iterator[list[Grid]]:
    """`grids` laid out by another process, which takes the memory of a big file with it when it ends.

    It also keeps us alive: a damaged .xls can abort the process that reads it, and one without memory ends at once.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", __name__]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, **pipes) as reader:  # type: ignore[call-overload]
        alarm = Timer(LONGEST_LAYOUT, reader.kill)
        alarm.start()
        try:
            _hand_over(reader.stdin, content)
            heads = _next(reader.stdout)
            alarm.cancel()
            if isinstance(heads, str):
                raise RosterRefused(heads)
            yield [Grid(*head, _rest(reader.stdout)) for head in heads]
        finally:
            alarm.cancel()
            reader.kill()


def _hand_over(pipe: BinaryIO, content: bytes) -> None:
    try:
        with pipe:
            pipe.write(content)
    except BrokenPipeError:
        raise RosterRefused(DAMAGED) from None


def _next(pipe: BinaryIO) -> "list[tuple[str, int, list[Row]]] | str":
    """What the other process says next; a process that died says nothing."""
    try:
        said: list[tuple[str, int, list[Row]]] | str = pickle.load(pipe)
    except (EOFError, pickle.UnpicklingError):
        raise RosterRefused(DAMAGED) from None
    return said


def _rest(pipe: BinaryIO) -> Iterator[Row]:
    """The sheet's other rows, up to the empty chunk that ends it."""
    while rows := _next(pipe):
        yield from rows  # type: ignore[misc]


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


def _answer_parent() -> None:
    """The heads of all sheets or the reason of a refusal, then the rows of sheet after sheet, to who asked."""
    out = sys.stdout.buffer
    try:
        with grids(sys.stdin.buffer.read()) as found:
            pickle.dump([grid[:3] for grid in found], out)
            out.flush()
            for grid in found:
                while rows := list(islice(grid.rest, CHUNK)):
                    pickle.dump(rows, out)
                pickle.dump([], out)
    except RosterRefused as refusal:
        pickle.dump(str(refusal), out)


if __name__ == "__main__":
    _answer_parent()
