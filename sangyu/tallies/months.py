"""A stretch of days as whole months, which are added up already, and the days at its two edges, which are not."""

from dataclasses import dataclass
from datetime import date, timedelta

from sangyu.kit import clock


@dataclass(frozen=True, slots=True)
class Edge:
    """Days from `start` until the day before `end`, to be added (1) or taken away (-1)."""

    sign: int
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Cover:
    """Whole months from `start` until before `end` (both first days), and at most two edges of part months."""

    start: date
    end: date
    edges: tuple[Edge, ...]


def cover(start: date, end: date) -> Cover:
    """[start, end) with as few single days as can be: half a month or fewer at each edge, or none where it is known.

    What ends in the running month or later takes the days to come away, for there is hardly anything on them: the
    number of members today costs the same on the first and on the last of the month.
    """
    first, last, edges = clock.month_of(start), clock.month_of(end), []
    if start >= end:
        return Cover(first, first, ())
    if start > first:
        outside, inside = Edge(-1, first, start), Edge(1, start, _next(first))
        edges.append(min(inside, outside, key=_days))
        first = first if edges[0] is outside else _next(first)
    if end > last:
        outside, inside = Edge(-1, end, _next(last)), Edge(1, last, end)
        edges.append(outside if end > clock.today() else min(inside, outside, key=_days))
        last = _next(last) if edges[-1] is outside else last
    if first > last:  # both edges in one month, and the days between are fewer than those around
        return Cover(last, last, (Edge(1, start, end),))
    return Cover(first, last, tuple(edges))


def _next(month: date) -> date:
    return clock.last_day(month) + timedelta(days=1)


def _days(edge: Edge) -> int:
    return (edge.end - edge.start).days
