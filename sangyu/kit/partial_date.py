"""Dates as rosters know them: often only the month, sometimes only the year."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Precision = Literal["day", "month", "year"]

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
HOW_TO_WRITE = "请写成“1951年3月”或“1951年3月2日”这样"

YEAR = re.compile(r"([0-9]{4})年?")
SEPARATED = re.compile(r"([0-9]{4})[年.\-–—/、,。]([0-9]{1,2})(?:[月.\-–—/、,。](?:([0-9]{1,2})[日号]?)?)?")
COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?")
SHORT_YEAR = re.compile(r"[0-9]{2}[年.\-/、][0-9]{1,2}(?:[月.\-/、].*)?")
MIDNIGHT = re.compile(r"[ T]0{1,2}:00(?::00)?(?:\.0+)?$")


@dataclass(frozen=True)
class PartialDate:
    """A day known to the day, the month or the year; `day` is the first day of that period."""

    day: date
    precision: Precision

    def __post_init__(self) -> None:
        if (self.precision != "day" and self.day.day != 1) or (self.precision == "year" and self.day.month != 1):
            raise ValueError(f"{self.day} is not the first day of its {self.precision}")

    @property
    def last_day(self) -> date:
        """The last day of the period: the latest day that may be meant."""
        if self.precision == "year":
            return self.day.replace(month=12, day=31)
        if self.precision == "month":
            return (self.day + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return self.day

    def __str__(self) -> str:
        if self.precision == "year":
            return f"{self.day.year}年"
        if self.precision == "month":
            return f"{self.day.year}年{self.day.month}月"
        return f"{self.day.year}年{self.day.month}月{self.day.day}日"


def parse(value: object) -> PartialDate:
    """Read a cell or a typed text. Raises ValueError with a Chinese sentence that says what to write instead."""
    if isinstance(value, datetime):
        return _from_cell(value.date())
    if isinstance(value, date):
        return _from_cell(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_text(_text_of_number(value))
    if isinstance(value, str):
        return _from_text(value)
    raise ValueError(f"“{value}”不是日期，{HOW_TO_WRITE}")


def _from_cell(day: date) -> PartialDate:
    # Excel turns a typed 1951年3月 into the cell 1 March 1951, so a first of the month claims no more than its month.
    return _build(f"{day:%Y-%m-%d}", day.year, day.month, None if day.day == 1 else day.day)


def _text_of_number(number: int | float) -> str:
    """The digits as typed. Raises ValueError for 1951.1, which Excel makes of both January and October."""
    text = f"{number:.15g}"
    year, _, month = text.partition(".")
    if len(year) == 4 and month == "1":
        raise ValueError(
            f"“{text}”分不清是1月还是10月（Excel会把{year}.10变成{year}.1），请写成“{year}年1月”或“{year}年10月”"
        )
    return text


def _from_text(written: str) -> PartialDate:
    text = MIDNIGHT.sub("", unicodedata.normalize("NFKC", written).strip())
    text = re.sub(r"\s", "", text).removesuffix("生")
    if match := YEAR.fullmatch(text):
        return _build(text, int(match[1]), None, None)
    if match := SEPARATED.fullmatch(text) or COMPACT.fullmatch(text):
        return _build(text, int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if SHORT_YEAR.fullmatch(text):
        raise ValueError(f"“{text}”的年份要写四位，{HOW_TO_WRITE}")
    raise ValueError(f"“{written.strip()}”看不出是哪一天，{HOW_TO_WRITE}")


def _build(text: str, year: int, month: int | None, day: int | None) -> PartialDate:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"“{text}”的年份{year}不可能，请核对后{HOW_TO_WRITE.removeprefix('请')}")
    if month is None:
        return PartialDate(date(year, 1, 1), "year")
    if not 1 <= month <= 12:
        raise ValueError(f"“{text}”不是真实日期，没有{month}月，请核对后{HOW_TO_WRITE.removeprefix('请')}")
    if day is None:
        return PartialDate(date(year, month, 1), "month")
    try:
        return PartialDate(date(year, month, day), "day")
    except ValueError:
        raise ValueError(
            f"“{text}”不是真实日期，{year}年{month}月没有{day}日，请核对后改正；不知道哪一天可以只写“{year}年{month}月”"
        ) from None
