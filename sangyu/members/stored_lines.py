"""How a row of a roster is stored: what stood there and what was read, sealed together; and taken out again."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sangyu.kit import crypto
from sangyu.kit.crypto import Keyring
from sangyu.members.models import RosterLine
from sangyu.members.models.roster import NAME, PROBLEMS, TEXT, LineState
from sangyu.members.queries.roster_check import Numbers, Verdict, indexed
from sangyu.members.roster.columns import LABELS
from sangyu.members.roster.entry import Problem, RosterEntry, RosterRow, entry_again, stored
from sangyu.members.roster.rows import RowCells, read_entry
from sangyu.members.roster.sheets import tidy

StoredLine = tuple[int, str, int, bytes | memoryview]  # id, sheet, number, text_sealed

COLUMNS = (
    "roster_id", "sheet", "number", "state", "branch_id", "person_id", "text_sealed", "problems_sealed",
    "number_index", "name_index", "made",
)  # fmt: skip

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def copied(roster_id: int, judged: Sequence[Verdict], numbers: Numbers) -> Iterator[tuple[Any, ...]]:
    """Fresh rows as they are copied into COLUMNS. `numbers`: all identity numbers in them, with their indexes."""
    keyring = crypto.keyring()
    for verdict in judged:
        row, problems = verdict.row, verdict.problems
        yield (
            roster_id,
            row.sheet,
            row.number,
            verdict.state.value,
            verdict.branch.pk if verdict.branch else None,
            verdict.person_id,
            _sealed(keyring, row),
            crypto.seal(keyring, _json(problems), PROBLEMS) if problems else None,
            *_indexes(keyring, row.entry, numbers),
            "{}",
        )


def write_row(line: RosterLine, row: RosterRow) -> None:
    """Put another text into the row."""
    keyring = crypto.keyring()
    line.text_sealed = _sealed(keyring, row)
    line.number_index, line.name_index = _indexes(keyring, row.entry, indexed([row.entry] if row.entry else []))


def mark(line: RosterLine, verdict: Verdict) -> None:
    """What would become of it."""
    line.state, line.branch, line.person_id = verdict.state, verdict.branch, verdict.person_id
    problems = verdict.problems
    line.problems_sealed = crypto.seal(crypto.keyring(), _json(problems), PROBLEMS) if problems else None


def refuse_line(line: RosterLine, problem: Problem, unread: bool) -> None:
    """It stays out; `unread`: as one that could not be read, so that no later look lets it in."""
    row = row_again(line)
    mark(line, Verdict(row, LineState.BAD, None if unread else line.branch, problems=(problem,)))
    if unread:
        write_row(line, row._replace(entry=None))


def row_again(line: RosterLine) -> RosterRow:
    """The row as the file had it; with its problems, if it could not be read."""
    contents = line.contents
    if "entry" not in contents:  # of before rows kept what was read: see RosterLine.contents
        return _read_again(line, contents["text"])
    row = _row(line.sheet, line.number, contents)
    return row if row.entry else row._replace(problems=tuple(Problem(*problem) for problem in line.problems))


def rows_ready(lines: Iterable[StoredLine]) -> list[RosterRow]:
    """The rows of lines that could be read, from their id, sheet, number and sealed text; asks no database."""
    keyring = crypto.keyring()
    return [
        _row(sheet, number, json.loads(crypto.open_sealed(keyring, bytes(sealed), TEXT)))
        for _, sheet, number, sealed in lines
    ]


def _row(sheet: str, number: int, contents: dict[str, Any]) -> RosterRow:
    entry = entry_again(contents["entry"]) if contents["entry"] else None
    return RosterRow(sheet, number, contents["text"], entry, (), contents["branch"])


def _read_again(line: RosterLine, text: dict[str, str]) -> RosterRow:
    branch = tidy(line.branch.name) if line.branch else ""
    entry, problems = read_entry(RowCells(text), LABELS, branch=branch, latest=line.roster.as_of)
    return RosterRow(line.sheet, line.number, text, entry, problems, branch)


def _sealed(keyring: Keyring, row: RosterRow) -> bytes:
    entry = stored(row.entry) if row.entry else None
    return crypto.seal(keyring, _json({"text": row.text, "entry": entry, "branch": row.branch}), TEXT)


def _indexes(keyring: Keyring, entry: RosterEntry | None, numbers: Numbers) -> tuple[bytes | None, bytes | None]:
    """By which rows of one number, and of one name, are found."""
    if entry is None:
        return None, None
    number = numbers[entry.id_number][0] if entry.id_number else None
    return number, crypto.blind_index(keyring, entry.name, NAME)
