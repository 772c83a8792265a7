"""How these tests speak of what the doctor says."""

from collections.abc import Callable

from sangyu.config.checkup.finding import Finding, Grade

Told = Callable[[str], list[Finding]]
Grades = tuple[Grade, ...]
FINE, NOTICE, MUST = (Grade.FINE,), (Grade.NOTICE,), (Grade.MUST,)


def grades(found: list[Finding]) -> Grades:
    return tuple(one.grade for one in found)
