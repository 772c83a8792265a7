"""Days and hours as people say them: 2026年11月5日 星期四 上午9:00."""

from datetime import date, datetime

from sangyu.kit import clock

WEEKDAYS = "一二三四五六日"
PARTS_OF_DAY = ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))  # until that hour


def day(on: date) -> str:
    """2026年11月5日 星期四; of a moment, its day in China."""
    on = clock.day_of(on) if isinstance(on, datetime) else on
    return f"{on.year}年{on.month}月{on.day}日 星期{WEEKDAYS[on.weekday()]}"


def short_day(on: date) -> str:
    """11月5日 星期四, where the year is clear."""
    return day(on).partition("年")[2]


def hour(moment: datetime) -> str:
    """上午9:00, 下午2:30."""
    local = moment.astimezone(clock.SHANGHAI)
    part = next(words for until, words in PARTS_OF_DAY if local.hour < until)
    return f"{part}{local.hour if local.hour <= 12 else local.hour - 12}:{local.minute:02}"


def moment(at: datetime) -> str:
    """2026年11月5日 星期四 上午9:00."""
    return f"{day(at)} {hour(at)}"


def span(start: datetime, end: datetime) -> str:
    """2026年11月5日 星期四 上午9:00至11:00, with both days when it lasts over midnight."""
    if clock.day_of(start) != clock.day_of(end):
        return f"{moment(start)}至{moment(end)}"
    first, last = hour(start), hour(end)
    return f"{day(start)} {first}至{last[2:] if last[:2] == first[:2] else last}"
