"""The kind of record that the tests of the tallies write about."""

from collections.abc import Iterator

import pytest

from sangyu.journal.declare import Source
from sangyu.tallies.tests.factories import kind_of_record


@pytest.fixture
def source() -> Iterator[Source]:
    with kind_of_record() as kind:
        yield kind
