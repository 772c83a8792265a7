"""One clock, in Chinese time, that can be set."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangyu.kit import clock

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
NINE = datetime(2026, 11, 12, 9, 0, tzinfo=clock.SHANGHAI)


def test_now_is_aware_and_eight_hours_ahead_of_utc() -> None:
    assert clock.now().utcoffset() == timedelta(hours=8)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_time_stands_still_inside_and_runs_on_outside() -> None:
    with clock.at(NINE):
        assert clock.now() == NINE
        assert clock.today() == date(2026, 11, 12)
    assert clock.now() != NINE


def test_a_moment_inside_a_moment_gives_the_outer_one_back() -> None:
    with clock.at(NINE):
        with clock.at(NINE + timedelta(days=1)):
            assert clock.today() == date(2026, 11, 13)
        assert clock.now() == NINE


def test_an_error_inside_sets_the_clock_right_again() -> None:
    with pytest.raises(KeyError), clock.at(NINE):
        raise KeyError
    assert clock.now() != NINE


def test_late_evening_in_utc_is_tomorrow_in_china() -> None:
    with clock.at(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)):
        assert clock.today() == date(2027, 1, 1)
        assert clock.now().tzinfo is clock.SHANGHAI


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2026, 11, 12)):
        pass


def test_another_thread_keeps_the_real_time() -> None:
    seen: list[datetime] = []
    with clock.at(NINE):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen != [NINE]


def test_months_end_on_their_last_day() -> None:
    assert clock.last_day(date(2024, 2, 3)) == date(2024, 2, 29)
    assert clock.last_day(date(2026, 2, 28)) == date(2026, 2, 28)
    assert clock.last_day(date(2026, 12, 31)) == date(2026, 12, 31)


@given(DAYS)
def test_a_day_lies_between_the_ends_of_its_month(day: date) -> None:
    first, last = clock.month_of(day), clock.last_day(day)
    assert first <= day <= last
    assert first.day == 1 == (last + timedelta(days=1)).day
    assert first.month == day.month == last.month


def test_quarters_have_three_months() -> None:
    assert [clock.quarter(date(2026, month, 1)) for month in range(1, 13)] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
