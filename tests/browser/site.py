"""The site as a browser meets it: a real server in this process, standing still at the world's `NOW`."""

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import environ
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from sangyu.config.wsgi import application
from sangyu.kit import clock
from sangyu.members.models import Person
from tests.world import NOW, World

PHONE, DESK, SMALLEST = 390, 1280, 320
TALL = {PHONE: 844, DESK: 900, SMALLEST: 640}
NO_CHROMIUM = (
    "The browser tests need Chromium: install it (apt-get install chromium, or playwright install chromium) "
    "or name it in SANGYU_CHROMIUM."
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-lcd-text",
    "--force-device-scale-factor=1",
    "--lang=zh-CN",
]


def chromium() -> str | None:
    """Where Chromium is; None leaves the choice to playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return environ.get("SANGYU_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing: the tests look at what comes back."""


def frozen(environment: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    with clock.at(NOW):
        return application(environment, start_response)


@contextmanager
def serving() -> Iterator[str]:
    """A server on a free port for as long as the block lasts; gives its address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(frozen)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Site:
    """The served world and a browser to look at it with."""

    address: str
    world: World
    browser: Browser

    def context(self, person: Person | None = None, width: int = PHONE, **options: Any) -> BrowserContext:
        """A fresh browser, signed in as the person if one is given."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": TALL[width]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            service_workers="block",
            **options,
        )
        context.set_default_timeout(10_000)
        if person is not None:
            context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": self.address}])
        return context

    def page(self, person: Person | None = None, width: int = PHONE, **options: Any) -> Page:
        """One page of a fresh browser."""
        return self.context(person, width, **options).new_page()


def session_of(person: Person) -> str:
    """The cookie of somebody who has signed in."""
    person.refresh_from_db()
    assert person.account is not None, f"{person.name} has no account"
    client = Client()
    client.force_login(person.account)
    return str(client.cookies["sessionid"].value)
