"""The figures as data: every row can be said in words, and each bound means what it says."""

from dataclasses import replace
from datetime import date

import pytest

from sangyu.kit.period import Period
from sangyu.reports.expected import Expected, expected_figures

FIGURE = next(e for e in expected_figures() if e.id == "F022")


def test_every_row_is_there_and_can_be_said() -> None:
    assert len(expected_figures()) == 107
    assert len({e.id for e in expected_figures()}) == 107
    for expected in expected_figures():
        assert expected.words and expected.period_words and expected.label


def test_it_is_said_as_people_say_it() -> None:
    assert (FIGURE.words, FIGURE.period_words) == ("不少于20次", "2019年至2021年")


@pytest.mark.parametrize(
    "bound, value, met",
    [
        ("exact", 20, True),
        ("exact", 21, False),
        ("at_least", 20, True),
        ("at_least", 19, False),
        ("at_least", 500, True),
        ("nearly", 18, True),
        ("nearly", 17, False),
        ("nearly", 20, True),
        ("nearly", 21, False),
        ("about", 18, True),
        ("about", 22, True),
        ("about", 17, False),
        ("about", 23, False),
        ("rounded", 20, True),
        ("rounded", 19, False),
        ("target", 19, False),
        ("target", 20, True),
    ],
)
def test_a_bound_means_what_it_says(bound: str, value: int, met: bool) -> None:
    assert replace(FIGURE, bound=bound).is_met_by(value) is met


@pytest.mark.parametrize(
    "period, span",
    [
        ("2018", Period(date(2018, 1, 1), date(2019, 1, 1))),
        ("2019-2021", Period(date(2019, 1, 1), date(2022, 1, 1))),
        ("to 2021", None),
        ("a year", None),
        ("last 3 years to 2025", None),
    ],
)
def test_a_period_is_whole_years(period: str, span: Period | None) -> None:
    figure: Expected = replace(FIGURE, period=period)
    assert figure.span == span
