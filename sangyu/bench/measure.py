"""What a measurement says: a number beside its baseline of the same run, and the ratio that is its gate."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to measure. `of(1_000_000)` is that many, or as many as fit a small run."""

    share: float = 1.0

    def of(self, full: int, least: int = 1) -> int:
        return max(least, round(full * self.share))


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. `ratio` is value / baseline; `gate` ("<= 4", ">= 5") holds the ratio; aims are for idle machines."""

    bench: str
    name: str
    value: float
    unit: str
    baseline_name: str = ""
    baseline: float | None = None
    gate: str = ""
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None

    @property
    def ok(self) -> bool | None:
        """Whether the gate holds; None without a gate."""
        if not self.gate or self.ratio is None:
            return None
        sign, number = self.gate.split()
        return self.ratio <= float(number) if sign == "<=" else self.ratio >= float(number)


def seconds(deed: Callable[[], Any], times: int = 1) -> float:
    """Median seconds of a deed done so many times."""
    return statistics.median(_once(deed) for _ in range(times))


def milliseconds(deed: Callable[[], Any], times: int = 30) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds, of a deed done so many times after one that does not count."""
    deed()
    taken = sorted(_once(deed) * 1000 for _ in range(times))
    return statistics.median(taken), taken[min(len(taken) - 1, round(len(taken) * 0.95))]


def _once(deed: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    deed()
    return time.perf_counter() - begun
