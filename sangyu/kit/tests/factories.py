"""Rows of a table that the kit may use: a text many may share, and another table beside it."""

from collections.abc import Collection, Sequence
from itertools import count

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

NUMBERS = count()


def add(names: Sequence[str]) -> list[Permission]:
    """A row for each name, in turn beside the one and the other row of the table beside."""
    types = list(ContentType.objects.order_by("pk")[:2])
    made = []
    for name in names:
        number = next(NUMBERS)
        made.append(Permission(name=name, codename=f"row{number}", content_type=types[number % 2]))
    return Permission.objects.bulk_create(made)


def rows(order: Sequence[str] = ("name", "id")) -> QuerySet[Permission]:
    """Those that were added."""
    return Permission.objects.filter(codename__startswith="row").select_related("content_type").order_by(*order)


def remove(gone: Collection[int]) -> None:
    rows().filter(pk__in=gone).delete()
