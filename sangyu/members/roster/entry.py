"""What comes out of a roster: each row either as a member, or with the reasons why not.

Plain tuples: a big roster makes hundreds of thousands of each.
"""

from datetime import date
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sangyu.kit.identity_number import Sex
from sangyu.kit.partial_date import PartialDate, Precision

Status = Literal["full", "probationary"]
Rank = Literal["prefecture", "county", "section", "other", ""]
Residence = Literal["here", "away", "abroad"]
Mobility = Literal["well", "frail", "housebound"]
Post = Literal["secretary", "deputy_secretary", "committee", ""]


class RosterRefused(Exception):
    """The whole file can't be read; the message is a Chinese sentence that says what to do."""


class RosterEntry(NamedTuple):
    """One member as the roster knows them; texts are '' and dates None where the roster is silent.

    `branch` is tidied already, as branches are looked up by.
    """

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


class Problem(NamedTuple):
    """Why a row was left out: the column as its header says, and what to do about it."""

    column: str
    reason: str


class RosterRow(NamedTuple):
    """One row of a sheet; `number` counts from 1 as Excel shows it, `text` holds each field as it stood.

    `branch` is that of its sheet or section, for a row that names none.
    """

    sheet: str
    number: int
    text: dict[str, str]
    entry: RosterEntry | None
    problems: tuple[Problem, ...]
    branch: str = ""


def stored(entry: RosterEntry) -> list[Any]:
    """The member as a value that JSON can hold."""
    return [_day_stored(value) if isinstance(value, PartialDate) else value for value in entry]


def entry_again(values: list[Any]) -> RosterEntry:
    """The member that `stored` was told of."""
    name, sex, born, id_number, joined_party, status, phone, branch, since, *rest = values
    joined = _day_again(joined_party) if joined_party else None
    since = _day_again(since) if since else None
    return RosterEntry(name, sex, _day_again(born), id_number, joined, status, phone, branch, since, *rest)


def _day_stored(day: PartialDate) -> list[str]:
    return [day.day.isoformat(), day.precision]


def _day_again(written: list[Any]) -> PartialDate:
    return _day_of(*written)


@lru_cache(maxsize=20_000)
def _day_of(day: str, precision: Precision) -> PartialDate:
    return PartialDate(date.fromisoformat(day), precision)
