"""What every table of the house shares: refusals spoken by constraints."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from sangyu.kit.refusals import Refusal


@contextmanager
def refused_by(constraint: str, then: Callable[[], Refusal]) -> Iterator[None]:
    """Turn the violation of one named constraint into a sentence; every other error passes.

    Runs in a savepoint, so that the caller's transaction lives on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as broken:
        diagnosis = getattr(broken.__cause__, "diag", None)
        if diagnosis is None or diagnosis.constraint_name != constraint:
            raise
        raise then() from broken
