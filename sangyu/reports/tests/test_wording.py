"""Every figure says how it is counted."""

from sangyu.journal.declare import METRICS
from sangyu.reports import figures
from sangyu.reports.expected import expected_figures
from sangyu.reports.wording import HOW


def test_every_counted_figure_says_how() -> None:
    counted = {e.metric for e in expected_figures() if e.metric in METRICS}
    assert counted == set(HOW)
    assert set(figures.STOCKS) < set(HOW)
