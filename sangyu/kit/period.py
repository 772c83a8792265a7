"""Stretches of whole days: weeks, months, quarters and years, as reports and duties count them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from sangyu.kit import clock

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """From `start` until the day before `end`. Raises ValueError if there is no day in it."""

    start: date
    end: date  # exclusive

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a period needs at least one day: {self.start} to {self.end}")

    @classmethod
    def week(cls, day: date) -> Self:
        """Monday to Sunday (GB/T 7408, ISO 8601)."""
        monday = date.fromordinal(day.toordinal() - day.weekday())
        return cls(monday, monday + timedelta(days=7))

    @classmethod
    def month(cls, day: date) -> Self:
        return cls(clock.month_of(day), clock.last_day(day) + ONE_DAY)

    @classmethod
    def quarter(cls, day: date) -> Self:
        last_month = clock.quarter(day) * 3
        return cls(date(day.year, last_month - 2, 1), clock.last_day(date(day.year, last_month, 1)) + ONE_DAY)

    @classmethod
    def year(cls, day: date) -> Self:
        return cls(date(day.year, 1, 1), date(day.year + 1, 1, 1))

    @property
    def last_day(self) -> date:
        return self.end - ONE_DAY

    @property
    def label(self) -> str:
        """2026年第47周, 2026年11月, 2026年第4季度, 2026年, or both days of any other stretch."""
        for shape, words in LABELS:
            if shape(self.start) == self:
                return words(self.start)
        return f"{_day(self.start)}至{_day(self.last_day)}"

    def previous(self) -> "Period":
        """The one of the same kind that ends where this one starts; any other stretch is as long as this one."""
        for shape, _ in LABELS:
            if shape(self.start) == self:
                return shape(self.start - ONE_DAY)
        return Period(self.start - (self.end - self.start), self.start)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __str__(self) -> str:
        return self.label


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _week(day: date) -> str:
    # A week belongs to the year that holds its Thursday: 2027-01-01 is in week 53 of 2026.
    year, week, _ = day.isocalendar()
    return f"{year}年第{week}周"


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"


def _quarter(day: date) -> str:
    return f"{day.year}年第{clock.quarter(day)}季度"


def _year(day: date) -> str:
    return f"{day.year}年"


LABELS: tuple[tuple[Callable[[date], Period], Callable[[date], str]], ...] = (
    (Period.week, _week),
    (Period.month, _month),
    (Period.quarter, _quarter),
    (Period.year, _year),
)
