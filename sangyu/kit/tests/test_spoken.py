"""Days and hours are said as people say them, in Chinese time."""

from datetime import UTC, date, datetime

from sangyu.kit import spoken
from sangyu.kit.clock import SHANGHAI

NINE = datetime(2026, 11, 5, 9, 0, tzinfo=SHANGHAI)


def test_a_day_has_its_weekday() -> None:
    assert spoken.day(date(2026, 11, 5)) == "2026年11月5日 星期四"
    assert spoken.short_day(date(2026, 11, 5)) == "11月5日 星期四"


def test_a_moment_is_told_in_china() -> None:
    assert spoken.moment(NINE) == "2026年11月5日 星期四 上午9:00"
    assert spoken.moment(datetime(2026, 11, 4, 23, 30, tzinfo=UTC)) == "2026年11月5日 星期四 上午7:30"


def test_hours_have_their_part_of_the_day() -> None:
    said = [spoken.hour(NINE.replace(hour=at, minute=5)) for at in (0, 5, 11, 12, 14, 18, 23)]
    assert said == ["凌晨0:05", "凌晨5:05", "上午11:05", "中午12:05", "下午2:05", "晚上6:05", "晚上11:05"]


def test_a_span_says_the_part_of_the_day_once() -> None:
    assert spoken.span(NINE, NINE.replace(hour=11)) == "2026年11月5日 星期四 上午9:00至11:00"
    assert spoken.span(NINE, NINE.replace(hour=15)) == "2026年11月5日 星期四 上午9:00至下午3:00"
    assert spoken.span(NINE, NINE.replace(day=6)) == "2026年11月5日 星期四 上午9:00至2026年11月6日 星期五 上午9:00"
