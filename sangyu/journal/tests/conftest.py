"""The kind of record that the journal's own tests write about."""

from collections.abc import Iterator

import pytest

from sangyu.journal.declare import Source
from sangyu.journal.tests.factories import kind_of_record


@pytest.fixture
def source() -> Iterator[Source]:
    with kind_of_record() as kind:
        yield kind
