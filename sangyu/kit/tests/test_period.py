"""Periods tile time: no day is lost and none counts twice."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangyu.kit.period import Period

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
SHAPES = st.sampled_from([Period.week, Period.month, Period.quarter, Period.year])
Shape = Callable[[date], Period]
NOVEMBER = date(2026, 11, 21)
ONE_DAY = timedelta(days=1)


@given(SHAPES, DAYS)
def test_a_day_is_in_its_period(shape: Shape, day: date) -> None:
    assert day in shape(day)
    assert shape(day).start <= day <= shape(day).last_day


@given(SHAPES, DAYS)
def test_every_day_of_a_period_gives_the_same_period(shape: Shape, day: date) -> None:
    period = shape(day)
    assert shape(period.start) == shape(period.last_day) == period


@given(SHAPES, DAYS)
def test_periods_follow_each_other_without_gap_or_overlap(shape: Shape, day: date) -> None:
    period = shape(day)
    assert shape(period.end).start == period.end
    assert shape(period.end).previous() == period
    assert period.end not in period


@given(DAYS, DAYS)
def test_different_days_have_the_same_label_only_in_the_same_period(one: date, other: date) -> None:
    for shape in (Period.week, Period.month, Period.quarter, Period.year):
        assert (shape(one).label == shape(other).label) == (shape(one) == shape(other))


@given(DAYS)
def test_a_year_is_four_quarters_and_a_quarter_three_months(day: date) -> None:
    fourth = Period.quarter(Period.year(day).last_day)
    assert fourth.previous().previous().previous().start == Period.year(day).start
    assert Period.month(fourth.last_day).previous().previous().start == fourth.start


@given(DAYS)
def test_a_week_is_monday_to_sunday(day: date) -> None:
    assert (Period.week(day).start.weekday(), Period.week(day).last_day.weekday()) == (0, 6)


def test_labels_are_chinese() -> None:
    assert Period.month(NOVEMBER).label == "2026年11月"
    assert Period.quarter(NOVEMBER).label == "2026年第4季度"
    assert Period.year(NOVEMBER).label == "2026年"
    assert Period.week(NOVEMBER).label == str(Period.week(NOVEMBER)) == "2026年第47周"


def test_the_first_days_of_january_can_belong_to_a_week_of_the_old_year() -> None:
    assert Period.week(date(2027, 1, 1)).label == "2026年第53周"


def test_any_other_stretch_names_both_days_and_goes_back_by_its_length() -> None:
    stretch = Period(date(2026, 11, 5), date(2026, 11, 15))
    assert stretch.label == "2026年11月5日至2026年11月14日"
    assert stretch.previous() == Period(date(2026, 10, 26), date(2026, 11, 5))


def test_a_february_of_four_weeks_is_a_month_and_no_week() -> None:
    assert Period.month(date(2027, 2, 1)).label == "2027年2月"  # Monday 1 to Sunday 28


def test_january_goes_back_to_december() -> None:
    assert Period.month(date(2026, 1, 31)).previous() == Period.month(date(2025, 12, 1))
    assert Period.quarter(date(2026, 1, 31)).previous() == Period.quarter(date(2025, 12, 1))


@pytest.mark.parametrize("end", [NOVEMBER, NOVEMBER - ONE_DAY])
def test_a_period_without_a_day_is_refused(end: date) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        Period(NOVEMBER, end)
