"""The url table as a list: every door with its name and arguments, whoever's it is."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Door(NamedTuple):
    """A url's full name (activities:roll), and the converter of each argument (int, str)."""

    name: str
    arguments: dict[str, str]


def doors(resolver: URLResolver | None = None, space: str = "") -> Iterator[Door]:
    """Every url of the site; one without a name is called by its route."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from doors(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            kinds = {a: type(c).__name__.removesuffix("Converter").lower() for a, c in entry.pattern.converters.items()}
            yield Door(f"{space}{entry.name or '/' + str(entry.pattern)}", kinds)
