"""The only place that knows the time: all else asks here, so that tests and the demo can live at another time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """This moment, aware, in Chinese time."""
    return _moment.get() or datetime.now(SHANGHAI)


def today() -> date:
    """The day in China, also while it is still yesterday in UTC."""
    return now().date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let time stand still at an aware moment, for this thread or task. Raises ValueError for a naive one."""
    if moment.utcoffset() is None:
        raise ValueError("clock.at needs an aware moment")
    token = _moment.set(moment.astimezone(SHANGHAI))
    try:
        yield
    finally:
        _moment.reset(token)


def month_of(day: date) -> date:
    """The first day of the day's month."""
    return date(day.year, day.month, 1)


def last_day(day: date) -> date:
    """The last day of the day's month."""
    # Day 28 plus 4 is in the next month whatever the month's length.
    return month_of(date(day.year, day.month, 28) + timedelta(days=4)) - timedelta(days=1)


def quarter(day: date) -> int:
    """The day's quarter of the year, 1 to 4."""
    return (day.month + 2) // 3


def day_of(moment: datetime) -> date:
    """The day in China on which an aware moment falls."""
    return moment.astimezone(SHANGHAI).date()
