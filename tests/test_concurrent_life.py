"""Figures are right at any moment of a busy life, and the test that says so can fail."""

import pytest

from sangyu.bench.torture import WORKING, Torture
from sangyu.tallies.actions import fold
from sangyu.tallies.models import Tally
from sangyu.tallies.verify import findings
from tests.roles import working_as

pytestmark = pytest.mark.slow
SECONDS = 12


def test_every_figure_equals_its_plain_count_all_the_time(own_database: str) -> None:
    torture = Torture(seed=1)
    torture.run(SECONDS)
    assert torture.wrong == []
    assert min(torture.rounds[name] for name in ("writer0", "long", "mover", "founder", "fold", "checker")) > 3
    with working_as("sangyu_worker"):
        while fold(WORKING):
            pass
    assert list(findings()) == []
    assert Tally.objects.count() > 100


def test_adding_up_by_the_last_seen_number_loses_what_commits_late(own_database: str) -> None:
    torture = Torture(seed=1, fold_by_last_id=True)
    torture.run(SECONDS / 3)
    assert torture.wrong != []
    assert list(findings()) != []
