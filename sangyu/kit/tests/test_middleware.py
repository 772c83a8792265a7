"""What nobody has taken up becomes a page in Chinese; what is our own mistake stays one."""

import pytest
from django.db import DatabaseError, IntegrityError
from django.test import RequestFactory
from psycopg.errors import CheckViolation, DeadlockDetected, ForeignKeyViolation

from sangyu.kit.middleware import RefusalMiddleware
from sangyu.kit.refusals import Gone


def answered(exception: Exception, cause: Exception | None = None) -> tuple[int, str] | None:
    exception.__cause__ = cause
    middleware = RefusalMiddleware(lambda request: None)  # type: ignore[arg-type,return-value]
    answer = middleware.process_exception(RequestFactory().post("/"), exception)
    return (answer.status_code, answer.content.decode()) if answer else None


def test_a_refusal_is_said() -> None:
    status, page = answered(Gone()) or (0, "")
    assert status == 404 and "找不到了" in page


@pytest.mark.parametrize("cause", [ForeignKeyViolation("gone"), DeadlockDetected("ring")])
def test_who_was_second_is_told_so_and_not_of_a_fault(cause: Exception) -> None:
    status, page = answered(IntegrityError("refused"), cause) or (0, "")
    assert status == 409 and "刚刚被别人改过" in page


@pytest.mark.parametrize("cause", [CheckViolation("amount"), None])
def test_our_own_mistakes_stay_mistakes(cause: Exception | None) -> None:
    assert answered(DatabaseError("wrong"), cause) is None
