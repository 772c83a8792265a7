"""A browser, a server, and the world: one to look at, or one for a test alone that may be changed."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Error, sync_playwright

from tests.browser.site import ARGUMENTS, NO_CHROMIUM, Site, chromium, serving
from tests.database import clone, drop, use_database
from tests.world import World, make_world

# Playwright keeps an event loop in this thread; Django would take every query in a test for an asynchronous one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            launched = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        except Error as error:
            if "Executable doesn't exist" in str(error) or "ENOENT" in str(error):
                pytest.fail(NO_CHROMIUM, pytrace=False)
            raise
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serving() as where:
        yield where


@pytest.fixture(scope="session")
def populated(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, World]]:
    """A database with the world in it, from which each site's is cloned; nobody works in it."""
    before = connections.settings["default"]["NAME"]
    name = f"{before}_world"
    clone(name)
    with django_db_blocker.unblock():
        use_database(name)
        world = make_world()
        use_database(before)
        connections.close_all()
    yield name, world
    drop(name)


def _site(name: str, populated: tuple[str, World], address: str, browser: Browser, blocker: Any) -> Iterator[Site]:
    template, world = populated
    before = connections.settings["default"]["NAME"]
    clone(name, template)
    with blocker.unblock():
        use_database(name)
        yield Site(address, world, browser)
        for context in browser.contexts:
            context.close()
        use_database(before)
        connections.close_all()
    drop(name)


@pytest.fixture
def site(populated: tuple[str, World], address: str, browser: Browser, django_db_blocker: Any) -> Iterator[Site]:
    """A world of this test's own, served."""
    yield from _site(f"{populated[0]}_own", populated, address, browser, django_db_blocker)


@pytest.fixture(scope="module")
def quiet_site(populated: tuple[str, World], address: str, browser: Browser, django_db_blocker: Any) -> Iterator[Site]:
    """One world for a whole module of tests that only look."""
    yield from _site(f"{populated[0]}_quiet", populated, address, browser, django_db_blocker)
