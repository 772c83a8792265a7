"""What every table of the house shares: refusals spoken by constraints."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, connection, transaction

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


def hold_token(token: UUID) -> None:
    """Wait for whoever is handling the same form right now; then look whether it has been done.

    A statement of its own before the look: only then does the look see what the other committed.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(token)])
