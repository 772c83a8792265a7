"""The collector is as it was afterwards, whatever happened."""

import gc

import pytest

from sangyu.kit.garbage import MANY, seldom_collected


def test_it_looks_seldom_in_the_block_and_as_before_after_it() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="broken"), seldom_collected():
        assert gc.get_threshold()[0] == MANY
        raise ValueError("broken")
    assert gc.get_threshold() == before
