"""What comes out of a roster: each row either as a member, or with the reasons why not."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sangyu.kit.identity_number import Sex
from sangyu.kit.partial_date import PartialDate

Status = Literal["full", "probationary"]
Rank = Literal["prefecture", "county", "section", "other", ""]
Residence = Literal["here", "away", "abroad"]
Mobility = Literal["well", "frail", "housebound"]
Post = Literal["secretary", "deputy_secretary", "committee", ""]


class RosterRefused(Exception):
    """The whole file can't be read; the message is a Chinese sentence that says what to do."""


@dataclass(frozen=True)
class RosterEntry:
    """One member as the roster knows them; texts are '' and dates None where the roster is silent."""

    name: str
    sex: Sex | Literal[""]
    born: PartialDate
    id_number: str
    joined_party: PartialDate | None
    status: Status
    phone: str
    branch: str
    since: PartialDate | None
    rank: Rank
    residence: Residence
    mobility: Mobility
    post: Post


@dataclass(frozen=True)
class Problem:
    """Why a row was left out: the column as its header says, and what to do about it."""

    column: str
    reason: str


@dataclass(frozen=True)
class RosterRow:
    """One row of a sheet; `number` counts from 1 as Excel shows it, `text` holds each field as it stood."""

    sheet: str
    number: int
    text: dict[str, str]
    entry: RosterEntry | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Roster:
    """A whole file, rows in its order; `columns` maps each sheet's fields to its headers."""

    title: str
    as_of: date | None
    columns: dict[str, dict[str, str]]
    ignored: tuple[str, ...]
    skipped_sheets: tuple[str, ...]
    rows: tuple[RosterRow, ...]
