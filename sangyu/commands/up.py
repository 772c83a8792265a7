"""`sangyu up`: makes the database ready, then runs web server and workers until told to stop."""

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from types import FrameType

from sangyu.commands.session import apart
from sangyu.config import database
from sangyu.config.database import NotReady
from sangyu.config.running import Running, answers, noted, visited

WEB_THREADS = 4  # of one web process; they wait for the database, each with a connection
WEB, WORKER = "网页服务", "后台任务"
PATIENCE = 15  # seconds a child has to end by itself
PORTS = 50


class Stopped(Exception):
    """Somebody asked the program to end."""


def run(arguments: Namespace) -> int:
    apart("prepare", "owner")
    port = free_port(arguments.host, arguments.port)
    return serve(Running(arguments.host, port, arguments.web, arguments.workers))


def serve(program: Running) -> int:
    """Web server and workers as children; all end together, by Ctrl-C, by SIGTERM or because one of them died."""
    with noted(program), _told_to_stop(), _children(program) as children:
        try:
            _wait_until_open(program, children)
            print(f"已启动：http://{visited(program.host)}:{program.port}/　（按 Ctrl-C 停止）", flush=True)
            return _watch(children)
        except (Stopped, KeyboardInterrupt):
            print("正在停止 …", flush=True)
            return 0


def free_port(host: str, wanted: int, tries: int = PORTS) -> int:
    """The wanted port, or the next free one of so many. Raises NotReady when there is none."""
    for port in range(wanted, wanted + tries):
        with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except OSError:
                continue
            if port != wanted:
                print(f"端口 {wanted} 已被占用，改用 {port}。")
            return port
    raise NotReady(f"从 {wanted} 起的 {tries} 个端口都不能用，请用 --port 换一个，或检查 --host 写的地址。")


def _commands(program: Running) -> dict[str, tuple[str, list[str]]]:
    """Name: role and words of each child. The web server starts and watches its own processes."""
    server = [
        "granian", "--interface", "wsgi", "--host", program.host, "--port", str(program.port), "--no-ws",
        "--log-level", "warning", "--workers", str(program.web), "--blocking-threads", str(WEB_THREADS),
        "sangyu.config.wsgi:application",
    ]  # fmt: skip
    working = {f"{WORKER}{n}": ("worker", ["sangyu", "work"]) for n in range(1, program.workers + 1)}
    return {WEB: ("app", server), **working}


@contextmanager
def _children(program: Running) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """All children; ended on the way out, and the embedded server with them when nobody else uses it."""
    children = {
        # In a group of its own, so that whatever it has started can be ended with it.
        name: subprocess.Popen(
            [sys.executable, "-m", *words], env={**os.environ, "SANGYU_DB_ROLE": role}, start_new_session=True
        )
        for name, (role, words) in _commands(program).items()
    }
    try:
        yield children
    finally:
        for child in children.values():
            if child.poll() is None:
                child.terminate()
        for child in children.values():
            _end(child)
        database.rest_embedded()


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    # A web process that was just beginning when its server was told to end never hears of it.
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """SIGTERM ends as Ctrl-C does."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait_until_open(program: Running, children: dict[str, subprocess.Popen[bytes]]) -> None:
    while not answers(program) and not _dead(children):
        time.sleep(0.2)


def _watch(children: dict[str, subprocess.Popen[bytes]]) -> int:
    """Wait until one of them ends by itself; then all end, and whoever started us starts us again."""
    while not (dead := _dead(children)):
        time.sleep(0.5)
    print(f"{dead}意外停止了，系统随之停止。请看上面的提示，排除后重新启动。", file=sys.stderr)
    return 1


def _dead(children: dict[str, subprocess.Popen[bytes]]) -> str:
    return next((name for name, child in children.items() if child.poll() is not None), "")
