"""What is made ahead comes in order, and once."""

from collections.abc import Iterator
from threading import Event, get_ident

import pytest

from sangyu.kit.ahead import ahead


def test_they_come_in_their_order() -> None:
    assert list(ahead(iter(range(100)))) == list(range(100))
    assert list(ahead(iter(()))) == []


def test_the_next_is_made_while_this_one_is_used() -> None:
    made = Event()

    def items() -> Iterator[int]:
        yield get_ident()
        made.set()
        yield get_ident()

    coming = ahead(items())
    thread = next(coming)
    assert made.wait(5) and thread != get_ident()
    assert list(coming) == [thread]


def test_a_fault_in_making_reaches_who_uses() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    coming = ahead(items())
    assert next(coming) == 1
    with pytest.raises(ValueError, match="broken"):
        next(coming)
