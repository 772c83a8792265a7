"""What is seen from the machine alone: it works without Django, whatever is missing."""

from collections.abc import Callable, Iterator
from functools import partial

from sangyu.config import environment
from sangyu.config.checkup import key_files, machine
from sangyu.config.checkup.finding import Finding, must
from sangyu.config.environment import NotNamed


def findings() -> Iterator[Finding]:
    yield from machine.findings()
    yield from key_files.findings()
    yield from [must("address", sentence) for sentence in dict.fromkeys(_unreadable())]


def _unreadable() -> Iterator[str]:
    asked: list[Callable[[], object]] = [environment.seal_hash]
    asked += [partial(environment.conninfo, role) for role in environment.named_roles()]
    for ask in asked:
        try:
            ask()
        except NotNamed as unnamed:
            yield str(unnamed)
