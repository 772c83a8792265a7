"""Reading a big workbook in a process apart, which takes the memory of its sheets with it when it ends.

It also keeps us alive: a damaged .xls can abort the process that reads it, and one without memory ends at once. And it
reads on while we judge and write what it has read.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import islice
from threading import Timer
from typing import Any, BinaryIO

from sangyu.members.roster.columns import Synonyms
from sangyu.members.roster.entry import RosterRefused, RosterRow
from sangyu.members.roster.opening import DAMAGED, OLE
from sangyu.members.roster.reading import RosterFile, opened

BIG_FILE = 1_000_000  # bytes; some 20,000 rows
LONGEST_LAYOUT = 120  # seconds
CHUNK = 1000  # rows that travel at once


@contextmanager
def opened_safely(content: bytes, today: date, synonyms: Synonyms) -> Iterator[RosterFile]:
    """`reading.opened`, apart where the file is big or may end the process that reads it. Raises RosterRefused."""
    is_apart = content.startswith(OLE) or len(content) > BIG_FILE
    with (_opened_apart if is_apart else opened)(content, today, synonyms) as file:
        yield file


@contextmanager
def _opened_apart(content: bytes, today: date, synonyms: Synonyms) -> Iterator[RosterFile]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", __name__]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, **pipes) as reader:  # type: ignore[call-overload]
        alarm = Timer(LONGEST_LAYOUT, reader.kill)
        alarm.start()
        try:
            _hand_over(reader.stdin, (content, today, dict(synonyms)))
            file = _next(reader.stdout)
            alarm.cancel()
            if isinstance(file, str):
                raise RosterRefused(file)
            yield replace(file, rows=_rest(reader.stdout))
        finally:
            alarm.cancel()
            reader.kill()


def _hand_over(pipe: BinaryIO, asked: tuple[bytes, date, dict[str, str]]) -> None:
    try:
        with pipe:
            pickle.dump(asked, pipe)
    except BrokenPipeError:
        raise RosterRefused(DAMAGED) from None


def _next(pipe: BinaryIO) -> Any:
    """What the other process says next; a process that died says nothing."""
    try:
        return pickle.load(pipe)
    except (EOFError, pickle.UnpicklingError):
        raise RosterRefused(DAMAGED) from None


def _rest(pipe: BinaryIO) -> Iterator[RosterRow]:
    """The rows, up to the empty chunk that ends them."""
    while rows := _next(pipe):
        yield from rows


def _answer_parent() -> None:
    """The file without its rows or the reason of a refusal, then its rows, to who asked."""
    out = sys.stdout.buffer
    content, today, synonyms = pickle.load(sys.stdin.buffer)
    try:
        with opened(content, today, synonyms) as file:
            pickle.dump(replace(file, rows=()), out)
            out.flush()
            rows = iter(file.rows)
            while chunk := list(islice(rows, CHUNK)):
                pickle.dump(chunk, out)
            pickle.dump([], out)
    except RosterRefused as refusal:
        pickle.dump(str(refusal), out)


if __name__ == "__main__":
    _answer_parent()
