"""What offices have said of their columns, and the sheets whose columns somebody has to say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import Gone
from sangyu.members import rules
from sangyu.members.models import Organization, RosterColumn, RosterImport
from sangyu.members.queries.rosters import importable_by
from sangyu.members.roster.columns import LABELS, PASSED_OVER, SERIAL, plain_label
from sangyu.members.roster.sheets import tidy

NUMBER = re.compile(r"[0-9]{7,}[Xx]?")


@dataclass(frozen=True, slots=True)
class SheetSample:
    """The first rows of a sheet, each with its number as Excel shows it; `header` is such a number, 0 when none is
    known. `columns`: plain label -> field that it is taken for ('' where nothing is known)."""

    sheet: str
    rows: list[tuple[int, list[str]]]
    header: int
    columns: dict[str, str]


def unclear_sheets(actor: Actor, roster: RosterImport) -> list[str]:
    """Names of the sheets that nobody understands yet. Raises Gone for who may not see the import."""
    _see(actor, roster)
    return [sample["sheet"] for sample in roster.reading.get("unclear", [])]


def sheet_sample(actor: Actor, roster: RosterImport, sheet: str, header: int | None = None) -> SheetSample:
    """One unclear sheet, the first when none is named; `header` is the row that a person took for the header."""
    _see(actor, roster)
    samples = {sample["sheet"]: sample for sample in roster.reading.get("unclear", [])}
    if not samples:
        raise Gone()
    sample = samples.get(sheet) or next(iter(samples.values()))
    rows, guessed = sample["rows"], sample["header"]
    chosen = header - 1 if header and 0 < header <= len(rows) else guessed
    if chosen is None:
        labels: Sequence[str] = []
    else:
        labels = sample["labels"] if chosen == guessed else [tidy(cell) for cell in rows[chosen]]
    understood: Mapping[str, str] = sample["understood"] if chosen == guessed else {}
    columns: dict[str, str] = {}
    for place, label in enumerate(labels):
        if (plain := plain_label(label)) and label not in SERIAL:
            columns[plain] = columns.get(plain) or understood.get(str(place), "")
    return SheetSample(
        sample["sheet"],
        [(number, _even(row, rows)) for number, row in enumerate(rows, start=1)],
        0 if chosen is None else chosen + 1,
        columns,
    )


def columns_taught(actor: Actor) -> QuerySet[RosterColumn]:
    """What the offices that the actor imports for have said of their columns, by office and name."""
    roots = Organization.objects.filter(importable_by(actor)).values("line__0")
    taught = RosterColumn.objects.filter(organization__in=roots).select_related("organization")
    return taught.order_by("organization__reading", "label", "id")


def column_seen_by(actor: Actor, column_id: int) -> RosterColumn:
    """One of them. Raises Gone."""
    column = columns_taught(actor).filter(pk=column_id).first()
    if column is None:
        raise Gone()
    return column


def may_teach(actor: Actor, office: Organization) -> bool:
    """Whoever imports for any part of an office."""
    below = Organization.objects.under(office)
    return below.filter(importable_by(actor)).exists()


def said_of(column: RosterColumn) -> str:
    """In words what the column is taken for."""
    return "不需要" if column.field == PASSED_OVER else LABELS.get(column.field, column.field)


def _see(actor: Actor, roster: RosterImport) -> None:
    if not rules.may_import(actor, roster.organization):
        raise Gone()


def _even(row: list[str], rows: list[list[str]]) -> list[str]:
    """The row as long as the longest, its numbers masked: to tell columns apart nobody has to read them."""
    return [NUMBER.sub(_masked, cell) for cell in row] + [""] * (max(map(len, rows)) - len(row))


def _masked(number: re.Match[str]) -> str:
    return f"{number[0][:3]}****{number[0][-2:]}"
