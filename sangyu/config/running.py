"""Which web servers run on this machine: each `sangyu up` and `serve` leaves a note while it runs, for the doctor."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from sangyu.config import environment

NOTES = environment.HOME / "running"


@dataclass(frozen=True, slots=True)
class Running:
    """One program, its address, and how many web processes and workers it has."""

    host: str
    port: int
    web: int
    workers: int


@contextmanager
def noted(program: Running) -> Iterator[None]:
    """A note that stands, locked, as long as this process lives. A killed one leaves it behind, but unlocked."""
    NOTES.mkdir(parents=True, exist_ok=True)
    path = NOTES / f"{os.getpid()}.json"
    with open(path, "w") as note:
        fcntl.flock(note, fcntl.LOCK_EX)
        json.dump(asdict(program), note)
        note.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def running() -> list[Running]:
    """Every program of this home that lives."""
    found = [_read(path) for path in sorted(NOTES.glob("*.json"))]
    return [one for one in found if one is not None]


def answers(program: Running) -> bool:
    """True when its web server says that it lives."""
    with closing(HTTPConnection(visited(program.host).strip("[]"), program.port, timeout=5)) as visit:
        try:
            visit.request("GET", "/health")
            return visit.getresponse().status == 200
        except (OSError, HTTPException):
            return False


def visited(host: str) -> str:
    """An address that a browser on this machine can open."""
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _read(path: Path) -> Running | None:
    """The program, or None when nobody holds its note any more."""
    try:
        with open(path) as note:
            if _is_free(note.fileno()):
                return None
            return Running(**json.load(note))
    except (FileNotFoundError, json.JSONDecodeError):  # it ended, or begins, this moment
        return None


def _is_free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
