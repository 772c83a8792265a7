"""Read one row into a member, or into the reasons why not."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Literal, TypeVar

from sangyu.kit import identity_number, partial_date
from sangyu.kit.identity_number import Sex
from sangyu.kit.partial_date import PartialDate
from sangyu.members.roster import words
from sangyu.members.roster.columns import LABELS
from sangyu.members.roster.entry import Problem, RosterEntry
from sangyu.members.roster.sheets import cell_text, tidy

Meaning = TypeVar("Meaning")

AGE_TO_JOIN = 18
# Stands only in rows that a reason keeps out; early enough to raise no second one.
UNKNOWN_BIRTH = PartialDate(date(1900, 1, 1), "year")
# What stands in these columns comes again and again, also in the biggest file.
_status, _rank, _sex_word = lru_cache(words.status), lru_cache(words.rank), lru_cache(words.sex)
_residence, _mobility, _post = lru_cache(words.residence), lru_cache(words.mobility), lru_cache(words.post)
_day = lru_cache(maxsize=20_000)(partial_date.parse)
_name = lru_cache(maxsize=20_000)(words.name)
SEX_WORDS = {"male": "男", "female": "女"}


class RowCells:
    """A row's cells by field; each as it stood, as a text, and tidied to compare by ('' where it says nothing)."""

    __slots__ = ("cells", "texts", "plain")

    def __init__(self, cells: Mapping[str, object]) -> None:
        self.cells = cells
        self.texts = {name: cell_text(cell) for name, cell in cells.items()}
        self.plain = {name: tidy(text) for name, text in self.texts.items()}

    def says(self, name: str) -> str:
        """The tidied text; '' for what clerks put for nothing."""
        text = self.plain.get(name, "")
        return "" if words.is_blank(text) else text


def read_entry(
    cells: RowCells, headers: Mapping[str, str], *, branch: str, latest: date
) -> tuple[RosterEntry | None, tuple[Problem, ...]]:
    """The member in a row's cells (as the file has them, or corrected), or None with all reasons.

    `branch` stands in where the row names none; no date may lie after `latest`.
    """
    row = _Row(cells, headers)
    entry = _member(row, branch)
    _check_future(row, entry, latest)
    _check_age_at_joining(row, entry)
    return (None if row.reasons else entry), tuple(row.reasons)


def _member(row: "_Row", branch: str) -> RosterEntry:
    if not row.says("name"):
        row.complain("name", "没有填姓名，请补上")
    number = row.word("id_number", words.identity, "")
    return RosterEntry(
        name=row.word("name", _name, ""),
        sex=_sex(row, number),
        born=_born(row, number) or UNKNOWN_BIRTH,
        id_number=number,
        joined_party=row.day("joined_party"),
        status=row.word("status", _status, "full"),
        phone=row.phone(),
        branch=row.cells.plain.get("branch", "") or branch,
        since=row.day("since"),
        rank=row.word("rank", _rank, ""),
        residence=row.word("residence", _residence, "here"),
        mobility=row.word("mobility", _mobility, "well"),
        post=row.word("post", _post, ""),
    )


class _Row:
    """A row being read; reasons gather here so that one fault does not hide the next."""

    __slots__ = ("cells", "says", "headers", "reasons")

    def __init__(self, cells: RowCells, headers: Mapping[str, str]) -> None:
        self.cells, self.says, self.headers = cells, cells.says, headers
        self.reasons: list[Problem] = []

    def complain(self, name: str, reason: str) -> None:
        self.reasons.append(Problem(self.headers.get(name, LABELS[name]), reason))

    def word(self, name: str, read: Callable[[str], Meaning], silent: Meaning) -> Meaning:
        """What the cell means; `silent` where it is blank or wrong."""
        text = self.says(name)
        if not text:
            return silent
        try:
            return read(text)
        except ValueError as wrong:
            self.complain(name, str(wrong))
            return silent

    def phone(self) -> str:
        """The first number; blanks and line ends tell where it stops, so the text is not tidied."""
        return self.word("phone", lambda _: words.phone(self.cells.texts["phone"]), "")

    def day(self, name: str) -> PartialDate | None:
        return self.word(name, lambda _: _day(self.cells.cells[name]), None)


def _born(row: _Row, number: str) -> PartialDate | None:
    """The birth date, to the day where a sound number agrees with the column."""
    written = row.day("born")
    if not number:
        if not row.says("born") and not row.says("id_number"):
            column = "id_number" if "id_number" in row.headers else "born"
            row.complain(column, "身份证号和出生年月都没有填，请至少补上一项")
        return written
    on_card = PartialDate(identity_number.birth_date(number), "day")
    if written and not _same_month(written, on_card.day):
        row.complain("born", f"与身份证号不一致：这里是{written}，身份证号里是{on_card}，请核对后改正其中一个")
    return written if written and written.precision == "day" else on_card


def _same_month(written: PartialDate, day: date) -> bool:
    return written.day.year == day.year and (written.precision == "year" or written.day.month == day.month)


def _sex(row: _Row, number: str) -> Sex | Literal[""]:
    written: Sex | Literal[""] = row.word("sex", _sex_word, "")
    if not number:
        return written
    on_card = identity_number.sex(number)
    if written and written != on_card:
        told = f"这里是“{SEX_WORDS[written]}”，身份证号里是“{SEX_WORDS[on_card]}”"
        row.complain("sex", f"与身份证号不一致：{told}，请核对后改正其中一个")
    return on_card


def _check_future(row: _Row, entry: RosterEntry, latest: date) -> None:
    for name, found in (("born", entry.born), ("joined_party", entry.joined_party), ("since", entry.since)):
        if found and found.day > latest:
            row.complain(name, f"{found}晚于花名册的日期{PartialDate(latest, 'day')}，请核对年份")


def _check_age_at_joining(row: _Row, entry: RosterEntry) -> None:
    """Eighteen years at joining (党章 art. 1); dates known to the month or year get the benefit of the doubt."""
    born, joined = entry.born, entry.joined_party
    if joined is None:
        return
    year = born.day.year + AGE_TO_JOIN
    # Who is born on 29 February comes of age on 1 March of a common year.
    leap_day = (born.day.month, born.day.day) == (2, 29)
    of_age = date(year, 3, 1) if leap_day else born.day.replace(year=year)
    if joined.day < of_age and joined.last_day < of_age:
        row.complain("joined_party", f"{joined}入党时还不满{AGE_TO_JOIN}周岁（{born}出生），请核对入党时间和出生年月")
