"""How the house answers a refusal that no form has taken up."""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from psycopg.errors import DeadlockDetected, ForeignKeyViolation, SerializationFailure

from sangyu.kit.refusals import Conflict, Refusal

AT_ONCE = (DeadlockDetected, ForeignKeyViolation, SerializationFailure)
TITLES = {403: "没有权限", 404: "没有找到", 409: "刚刚有变动", 422: "办不了"}

logger = logging.getLogger(__name__)


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refusal = exception if isinstance(exception, Refusal) else _collision(exception)
        if refusal is None:
            return None
        page = {"title": TITLES[refusal.status], "sentence": refusal.sentence, "back_url": _came_from(request)}
        return render(request, "kit/error.html", page, status=refusal.status)


def _collision(exception: Exception) -> Conflict | None:
    """Two people at once, of whom the database let only one go on: nothing of the other's was written."""
    if not isinstance(exception, DatabaseError) or not isinstance(exception.__cause__, AT_ONCE):
        return None
    logger.warning("Refused by the database: %s", exception, exc_info=exception)
    return Conflict()


def _came_from(request: HttpRequest) -> str:
    """The page of ours that was left for this one; many addresses take a POST only and can't be gone back to."""
    page = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if ours and page != request.build_absolute_uri() else ""
