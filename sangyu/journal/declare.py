"""How the areas tell the journal what exists: metrics that facts are counted by, sources that state facts, and verbs.

The numbers stand in the database for ever; the code and label beside them are what people and programs say.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple


class Fact(NamedTuple):
    """One countable thing: metric, where, who (if any), when, how much in the smallest unit (fen, person, piece)."""

    metric: int
    organization_id: int
    person_id: int | None
    on: date
    amount: int = 1


@dataclass(frozen=True, slots=True)
class Metric:
    """A countable thing: number (for ever), code, Chinese label, unit, kind (count, sum, distinct, stock, share)."""

    number: int
    code: str
    label: str
    unit: str
    kind: str = "count"


@dataclass(frozen=True, slots=True)
class Source:
    """One area's kind of record: number (for ever), code, Chinese label; how its facts are told anew from the record.

    `restate(ids)` gives the facts each record states today; `ids()` the records that must have stated some.
    `url` names the page of a record, with its id as only argument.
    """

    number: int
    code: str
    label: str
    url: str = ""
    restate: Callable[[list[int]], dict[int, list[Fact]]] | None = None
    ids: Callable[[], Iterable[int]] | None = None


class Deed(NamedTuple):
    """One of many deeds recorded at once: what `record` is told of one."""

    verb: str
    source: Source
    subject_id: int
    organization_id: int | None = None
    facts: list[Fact] | None = None
    detail: dict[str, Any] = {}


METRICS: dict[str, Metric] = {}
METRIC_BY_NUMBER: dict[int, Metric] = {}
SOURCES: dict[int, Source] = {}
VERBS: dict[str, str] = {}  # what was done, in words for people


def metric(number: int, code: str, label: str, unit: str, kind: str = "count") -> Metric:
    """Declare a metric. Raises ValueError when its number or code is taken."""
    if code in METRICS or number in METRIC_BY_NUMBER:
        raise ValueError(f"metric {number} {code} is declared twice")
    METRICS[code] = METRIC_BY_NUMBER[number] = Metric(number, code, label, unit, kind)
    return METRICS[code]


def source(
    number: int,
    code: str,
    label: str,
    url: str = "",
    restate: Callable[[list[int]], dict[int, list[Fact]]] | None = None,
    ids: Callable[[], Iterable[int]] | None = None,
) -> Source:
    """Declare a kind of record. Raises ValueError when its number is taken."""
    if number in SOURCES:
        raise ValueError(f"source {number} {code} is declared twice")
    SOURCES[number] = Source(number, code, label, url, restate, ids)
    return SOURCES[number]


def verbs(area: str, **words: str) -> None:
    """Say what an area's verbs mean: `verbs("voices", answered="答复…")` is for "voices.answered"."""
    for verb, said in words.items():
        VERBS[f"{area}.{verb}"] = said
