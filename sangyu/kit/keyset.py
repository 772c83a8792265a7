"""Pages of a list that never count it: each begins where the one before ended (keyset), however long the list is."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BooleanField, F, Field, Func, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)

AFTER, BEFORE = "after", "before"


class _Tuple(Func):
    """A row of values, compared as one: PostgreSQL walks an index over the same columns for it."""

    template, output_field = "(%(expressions)s)", BooleanField()


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """Some rows of a list, and the addresses of those before and after ('' where there are none)."""

    rows: list[Row]
    previous_url: str
    next_url: str


def paged(request: HttpRequest, rows: QuerySet[Row], size: int) -> Slice[Row]:
    """The rows that the address asks for, and one query for them. A mangled address shows the beginning.

    `rows` are ordered by names that all rise or all fall, the last of which is unique and none of which is null.
    """
    keys = [str(key).lstrip("-") for key in rows.query.order_by]
    falling = str(rows.query.order_by[0]).startswith("-")
    backwards = BEFORE in request.GET
    place = _read(rows.model, keys, request.GET.get(BEFORE if backwards else AFTER, ""))
    if place:
        compare = LessThan if falling != backwards else GreaterThan
        rows = rows.filter(compare(_Tuple(*map(F, keys)), _Tuple(*place)))
    found = list((rows.reverse() if backwards and place else rows)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards and place:
        found.reverse()
        return Slice(found, _url(request, BEFORE, found[:1], keys, more), _url(request, AFTER, found[-1:], keys, True))
    return Slice(
        found, _url(request, BEFORE, found[:1], keys, bool(place)), _url(request, AFTER, found[-1:], keys, more)
    )


def _url(request: HttpRequest, name: str, edge: Sequence[Model], keys: Sequence[str], more: bool) -> str:
    """The address of this page with another beginning; the other words of the address stay."""
    if not (more and edge):
        return ""
    words = request.GET.copy()
    words.pop(AFTER, None)
    words.pop(BEFORE, None)
    words[name] = _write(edge[0], keys)
    return f"?{words.urlencode()}"


def _write(row: Model, keys: Sequence[str]) -> str:
    values = []
    for key in keys:
        value: Any = row
        for step in key.split("__"):
            value = getattr(value, step)
        values.append(value)
    return urlsafe_b64encode(json.dumps(values, cls=DjangoJSONEncoder).encode()).decode().rstrip("=")


def _read(model: type[Model], keys: Sequence[str], text: str) -> list[Value]:
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        fields = [_field(model, key) for key in keys]
        return [Value(f.to_python(v), output_field=f) for f, v in zip(fields, values, strict=True)] if text else []
    except (ValueError, TypeError, ValidationError):
        return []


def _field(model: type[Model], key: str) -> "Field[Any, Any]":
    *steps, last = key.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]
    return model._meta.pk if last == "pk" else model._meta.get_field(last)  # type: ignore[return-value]
