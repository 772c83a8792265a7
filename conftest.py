"""Databases for tests: one for each worker, rolled back after each test; or one for a test alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from tests.database import clone, drop, use_database


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Each worker has a database of its own; tests in it run in transactions that are rolled back."""
    name = f"sangyu_test_{getattr(request.config, 'workerinput', {}).get('workerid', 'main')}"
    clone(name)
    with django_db_blocker.unblock():
        use_database(name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    drop(name)


@pytest.fixture
def own_database(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database for this test alone, without a transaction around it: for several connections, and browsers."""
    before = connections.settings["default"]["NAME"]
    name = f"{before}_own"
    clone(name)
    with django_db_blocker.unblock():
        use_database(name)
        yield name
        use_database(before)
    drop(name)
