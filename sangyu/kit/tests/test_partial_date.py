"""Dates in rosters: every habit of writing them, and plain words for the impossible."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangyu.kit.partial_date import PartialDate, Precision, parse

MARCH = PartialDate(date(1951, 3, 1), "month")
SECOND_OF_MARCH = PartialDate(date(1951, 3, 2), "day")
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(DAYS)
    precision: Precision = draw(st.sampled_from(("day", "month", "year")))
    first = {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}
    return PartialDate(first[precision], precision)


@pytest.mark.parametrize(
    "written",
    [
        "1951年3月",
        "1951年03月",
        "1951.3",
        "1951.03",
        "1951-3",
        "1951/3",
        "195103",
        "１９５１年３月",
        "１９５１．０３",
        "1951 年 3 月",
        "　1951年3月　",
        "1951、3",
        "1951年3月生",
        "1951.03.",
        195103,
        195103.0,
        1951.3,
        1951.03,
        date(1951, 3, 1),
    ],
)
def test_a_month_is_read(written: object) -> None:
    assert parse(written) == MARCH


@pytest.mark.parametrize(
    "written",
    [
        "1951年3月2日",
        "1951年03月02日",
        "1951年3月2号",
        "1951.03.02",
        "1951.3.2",
        "1951-3-2",
        "1951-03-02 00:00:00",
        "1951/3/2",
        "1951—03—02",
        "19510302",
        "１９５１０３０２",
        19510302,
        19510302.0,
        date(1951, 3, 2),
        datetime(1951, 3, 2, 8, 30),
    ],
)
def test_a_day_is_read(written: object) -> None:
    assert parse(written) == SECOND_OF_MARCH


@pytest.mark.parametrize("written", ["1951", "1951年", "１９５１", 1951, 1951.0])
def test_a_year_is_read(written: object) -> None:
    assert parse(written) == PartialDate(date(1951, 1, 1), "year")


def test_october_as_text_is_october() -> None:
    assert parse("1951.10") == PartialDate(date(1951, 10, 1), "month")
    assert parse("1951.1") == PartialDate(date(1951, 1, 1), "month")


def test_a_number_that_may_be_january_or_october_is_refused() -> None:
    with pytest.raises(ValueError, match="分不清是1月还是10月.*请写成“1951年1月”或“1951年10月”"):
        parse(1951.1)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("1951.13", "“1951.13”不是真实日期，没有13月，请核对后写成“1951年3月”"),
        ("1951.0", "没有0月"),
        ("1951年2月30日", "1951年2月没有30日"),
        ("19510230", "1951年2月没有30日"),
        (19510230.0, "不知道哪一天可以只写“1951年2月”"),
        ("2101年3月", "年份2101不可能"),
        ("1851年3月", "年份1851不可能"),
        ("51年3月", "年份要写四位"),
        ("51.3", "年份要写四位"),
        ("不清楚", "“不清楚”看不出是哪一天"),
        ("一九五一年三月", "看不出是哪一天"),
        ("", "看不出是哪一天"),
        (18689.0, "看不出是哪一天"),
        (float("nan"), "看不出是哪一天"),
        (True, "不是日期"),
        (None, "不是日期"),
        (time(8, 30), "不是日期"),
    ],
)
def test_the_impossible_is_explained(written: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse(written)


@given(partial_dates())
def test_what_is_shown_reads_back(shown: PartialDate) -> None:
    assert parse(str(shown)) == shown


@given(
    DAYS, st.sampled_from(["{0:%Y-%m-%d}", "{0:%Y.%m.%d}", "{0:%Y/%m/%d}", "{0:%Y%m%d}", "{0:%Y}年{0:%m}月{0:%d}日"])
)
def test_every_form_of_a_day_means_the_same(day: date, form: str) -> None:
    assert parse(form.format(day)) == PartialDate(day, "day")


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        parse(text)
    except ValueError as wrong:
        assert "请" in str(wrong)


@given(partial_dates())
def test_the_period_ends_on_its_last_day(partial: PartialDate) -> None:
    last = partial.last_day
    assert last >= partial.day
    assert (last.year, partial.precision != "year" and last.month) == (
        partial.day.year,
        partial.precision != "year" and partial.day.month,
    )


def test_the_last_day_follows_the_precision() -> None:
    assert PartialDate(date(1952, 2, 1), "month").last_day == date(1952, 2, 29)
    assert PartialDate(date(1951, 12, 1), "month").last_day == date(1951, 12, 31)
    assert PartialDate(date(1951, 1, 1), "year").last_day == date(1951, 12, 31)
    assert SECOND_OF_MARCH.last_day == date(1951, 3, 2)


def test_a_day_that_does_not_begin_its_period_is_refused() -> None:
    with pytest.raises(ValueError):
        PartialDate(date(1951, 3, 2), "month")
