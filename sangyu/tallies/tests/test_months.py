"""Whole months and edges: every day counts once, and few days are counted one by one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sangyu.kit import clock
from sangyu.tallies.months import Cover, Edge, cover

DAYS = st.dates(date(2023, 11, 1), date(2024, 4, 30))


def covered(found: Cover) -> dict[date, int]:
    """How often each day is counted."""
    counted: dict[date, int] = {}
    for edge in (Edge(1, found.start, found.end), *found.edges):
        for n in range((edge.end - edge.start).days):
            day = edge.start + timedelta(days=n)
            counted[day] = counted.get(day, 0) + edge.sign
    return {day: times for day, times in counted.items() if times}


@given(DAYS, DAYS)
def test_every_day_counts_once_and_no_other(start: date, end: date) -> None:
    found = cover(start, end)
    assert covered(found) == {start + timedelta(days=n): 1 for n in range((end - start).days)}
    assert found.start.day == found.end.day == 1


@given(DAYS, DAYS)
def test_no_edge_is_longer_than_half_a_month(start: date, end: date) -> None:
    assert all((edge.end - edge.start).days <= 16 for edge in cover(start, end).edges)


@given(st.dates(date(2024, 1, 1), date(2024, 12, 30)))
def test_the_stock_of_today_counts_no_single_day_that_is_over(today: date) -> None:
    with clock.at(clock.now().replace(year=today.year, month=today.month, day=today.day)):
        found = cover(date.min, today + timedelta(days=1))
    assert found.start == date.min
    assert all(edge.sign == -1 and edge.start > today for edge in found.edges)


def test_whole_months_have_no_edges() -> None:
    assert cover(date(2024, 1, 1), date(2025, 1, 1)) == Cover(date(2024, 1, 1), date(2025, 1, 1), ())
