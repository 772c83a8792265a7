"""A web server of the bench's own, started as `sangyu up` starts it, and a browser that only counts."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException

BARE = "/bare"
WORKERS, THREADS = 2, 4
PATIENCE = 60  # seconds
VISITORS = 4


class Visitor:
    """One connection that is kept, as a browser keeps it."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.headers = {"Host": "localhost", "Cookie": f"sessionid={session}"}

    def get(self, url: str) -> bytes:
        self.connection.request("GET", url, headers=self.headers)
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise HTTPException(f"{url}: {response.status}")
        return body


@contextmanager
def served() -> Iterator[int]:
    """The port of a running server; ended by its number on the way out."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    words = [
        "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level",
        "warning", "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "sangyu.bench.served:application",
    ]  # fmt: skip
    server = subprocess.Popen([sys.executable, "-m", *words], env={**os.environ, "SANGYU_DB_ROLE": "app"})
    try:
        _wait_until_open(port)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE)


def _wait_until_open(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            Visitor(port, "").get(BARE)
        except (OSError, HTTPException):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def requests_a_second(port: int, session: str, url: str, count: int) -> float:
    """How many pages a second some visitors get together, each asking again as soon as it has its answer."""
    visitors = [Visitor(port, session) for _ in range(VISITORS)]
    each = max(1, count // VISITORS)

    def visit(visitor: Visitor) -> None:
        for _ in range(each):
            visitor.get(url)

    with ThreadPoolExecutor(VISITORS) as pool:
        list(pool.map(visit, visitors))  # every worker has loaded its templates
        begun = time.perf_counter()
        list(pool.map(visit, visitors))
        return each * VISITORS / (time.perf_counter() - begun)
