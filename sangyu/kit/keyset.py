"""Pages of a list that never count it: each begins where the one before ended (keyset), however long the list is."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Field, Func, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.http import HttpRequest

from sangyu.kit import crypto

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


@dataclass(frozen=True, slots=True)
class _Order:
    """By what a list is sorted, and how a place in it is written into an address.

    A place holds the sort keys of a row, often the reading of a name. Addresses end up in histories and logs, so it
    is sealed; and bound to its list, so that a place of another one is no place here.
    """

    model: type[Model]
    keys: Sequence[str]
    is_falling: bool

    @property
    def about(self) -> str:
        return f"keyset.{self.model._meta.label_lower}.{'.'.join(self.keys)}"

    def place_of(self, row: Model) -> str:
        values = [_value(row, key) for key in self.keys]
        text = json.dumps(values, default=str, ensure_ascii=False)
        return urlsafe_b64encode(crypto.seal(crypto.keyring(), text, self.about)).decode().rstrip("=")

    def values_at(self, place: str) -> list[Value]:
        """The sort keys written there; none when it is no place of this list."""
        try:
            sealed = urlsafe_b64decode(place + "=" * (-len(place) % 4))
            told = json.loads(crypto.open_sealed(crypto.keyring(), sealed, self.about)) if sealed else []
            fields = [_field(self.model, key) for key in self.keys]
            return [Value(f.to_python(v), output_field=f) for f, v in zip(fields, told, strict=True)]
        except (crypto.SealBroken, ValueError, TypeError, ValidationError):
            return []


def paged(request: HttpRequest, rows: QuerySet[Row], size: int) -> Slice[Row]:
    """The rows that the address asks for, and one query for them.

    `rows` are ordered by columns that all rise or all fall, the last of which is unique and none of which is null;
    columns of other tables come with `select_related`. A mangled address, and one behind whose place nothing is left,
    shows the beginning.
    """
    names = [str(key) for key in rows.query.order_by]
    order = _Order(rows.model, [name.lstrip("-") for name in names], names[0].startswith("-"))
    is_backwards = BEFORE in request.GET
    place = order.values_at(request.GET.get(BEFORE if is_backwards else AFTER, ""))
    found = _beside(rows, order, place, is_backwards, size) if place else []
    if not found:
        found, place = list(rows[: size + 1]), []
    has_more, found = len(found) > size, found[:size]
    if place and is_backwards:
        found.reverse()
        return Slice(found, _url(request, BEFORE, order, found[:1], has_more), _url(request, AFTER, order, found[-1:]))
    first, last = found[:1], found[-1:]
    return Slice(found, _url(request, BEFORE, order, first, bool(place)), _url(request, AFTER, order, last, has_more))


def _beside(rows: QuerySet[Row], order: _Order, place: list[Value], is_backwards: bool, size: int) -> list[Row]:
    """Rows after the place, or before it nearest first; one more than a page."""
    compare = LessThan if order.is_falling != is_backwards else GreaterThan
    rows = rows.filter(compare(_Tuple(*map(F, order.keys)), _Tuple(*place)))
    return list((rows.reverse() if is_backwards else rows)[: size + 1])


def _url(request: HttpRequest, name: str, order: _Order, edge: Sequence[Model], is_there: bool = True) -> str:
    """The address of this page with another beginning; the other words of the address stay."""
    if not (is_there and edge):
        return ""
    words = request.GET.copy()
    words.pop(AFTER, None)
    words.pop(BEFORE, None)
    words[name] = order.place_of(edge[0])
    return f"?{words.urlencode()}"


def _value(row: Model, key: str) -> Any:
    value: Any = row
    for step in key.split("__"):
        value = getattr(value, step)
    return value


def _field(model: type[Model], key: str) -> "Field[Any, Any]":
    *steps, last = key.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]
    found: Any = model._meta.pk if last == "pk" else model._meta.get_field(last)
    field: Field[Any, Any] = found.target_field if found.is_relation else found
    return field
