"""Several web processes and several workers on one database: nothing is done twice, nothing is lost between them."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest

from sangyu.commands.up import free_port
from sangyu.config import embedded_pg
from tests.machine import CLERK, OFFICE, Machine

pytestmark = pytest.mark.slow
ENTRIES, WRITERS, JOBS = 2000, 4, 40
WRITE = """insert into journal_entry (door, verb, subject_kind, subject_id, detail)
           values ('command', 'members.founded', 10, %s, '{}')"""
# As `defer` puts them there, but without the lock that lets only one wait: both workers shall seal at once.
DEFER = """insert into procrastinate_jobs (queue_name, task_name, args)
           select 'default', 'sangyu.journal.tasks.seal', '{"timestamp": 0}' from generate_series(1, %s)"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    home = Machine(tmp_path_factory.mktemp("home"))
    embedded_pg.start(home.data, careless=True)
    yield home
    embedded_pg.stop(home.data)


@pytest.fixture(scope="module")
def card(machine: Machine) -> tuple[str, str]:
    """Address and PIN of the clerk's card."""
    told = machine.sangyu("open-office", OFFICE, "--clerk", CLERK)
    address, pin = re.search(r"/card/[\w-]+/", told), re.search(r"六位数字：(\d{6})", told)
    assert address and pin
    return address[0], pin[1]


@contextmanager
def running(machine: Machine, *words: str, until: str = "") -> Iterator["subprocess.Popen[str]"]:
    """A command that runs on; given back when it has said `until`, ended on the way out."""
    command = [sys.executable, "-m", "sangyu", *words]
    with subprocess.Popen(command, env=machine.environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            while until and until not in (line := process.stdout.readline()):
                assert line, "it ended before it served"
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(40) == 0


@contextmanager
def one_program(machine: Machine, port: int) -> Iterator[None]:
    with running(machine, "up", "--port", str(port), "--web", "2", "--workers", "2", until="已启动"):
        yield


@contextmanager
def several_programs(machine: Machine, port: int) -> Iterator[None]:
    with ExitStack() as programs:
        programs.enter_context(running(machine, "serve", "--port", str(port), "--web", "2", until="已启动"))
        for _ in range(2):
            programs.enter_context(running(machine, "work"))
        yield


def test_two_workers_do_everything_once(machine: Machine, card: tuple[str, str]) -> None:
    port = free_port("127.0.0.1", 8850)
    with several_programs(machine, port), machine.connect() as root:
        _wait_for(root, "select count(*) from procrastinate_workers where last_heartbeat > now() - interval '1m'", 2)
        root.execute("delete from procrastinate_events")
        root.execute("delete from procrastinate_jobs")
        with ThreadPoolExecutor(WRITERS) as writers:
            list(writers.map(lambda n: _write(machine, n), range(WRITERS)))
        done = "select count(*) from procrastinate_jobs where status = 'succeeded' and args->>'timestamp' = '0'"
        _wait_for(root, done, WRITERS * JOBS)
        shared = "select max(attempts), count(distinct worker_id) from procrastinate_jobs"
        assert root.execute(shared).fetchone() == (1, 2)
        assert root.execute("select count(*) from journal_unsealed").fetchone() == (0,)
        told = "select count(*), count(distinct id) from (select unnest(ids) id from journal_batch) b"
        twice, once = root.execute(told).fetchone() or (0, 1)
        assert twice == once == root.execute("select count(*) from journal_entry").fetchone()[0]  # type: ignore[index]
        assert "正常　后台任务：2 个在运行" in machine.sangyu("doctor", expect=1)  # a careless server, and no more
    assert "没有被改动" in machine.sangyu("verify")


def _write(machine: Machine, writer: int) -> None:
    """Entries as the site writes them, jobs among them."""
    with machine.connect(user="sangyu_app") as app:
        for n in range(ENTRIES // WRITERS):
            app.execute(WRITE, [writer * ENTRIES + n])
            if n % 25 == 0:
                app.execute(DEFER, [JOBS * 25 * WRITERS // ENTRIES])


def _wait_for(root: "object", asked: str, wanted: int) -> None:
    deadline = time.monotonic() + 60
    while (found := root.execute(asked).fetchone()[0]) != wanted:  # type: ignore[attr-defined]
        assert time.monotonic() < deadline, found
        time.sleep(0.2)


def test_who_signed_in_at_one_web_process_is_known_to_the_other(machine: Machine, card: tuple[str, str]) -> None:
    port = free_port("127.0.0.1", 8900)
    with one_program(machine, port):
        address, pin = f"http://127.0.0.1:{port}{card[0]}", card[1]
        cookies = CookieJar()
        browser = build_opener(HTTPCookieProcessor(cookies))
        page = browser.open(address).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        form = urlencode({"csrfmiddlewaretoken": token[1], "pin": pin}).encode()
        assert browser.open(Request(address, form, {"Referer": address})).status == 200
        known = {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)}
        home = Request(f"http://127.0.0.1:{port}/console/", headers=known)
        with ThreadPoolExecutor(4) as visitors:  # each visit is a connection of its own: both processes take some
            pages = list(visitors.map(lambda _: urlopen(home).read().decode(), range(24)))
    assert all(CLERK in page for page in pages)


def test_it_answers_behind_a_proxy_with_https(machine: Machine, card: tuple[str, str]) -> None:
    """Who asks for its health comes by number and without https; everybody else is sent to https."""
    port = free_port("127.0.0.1", 8950)
    home = Machine(machine.home)
    home.environment = lambda **more: {  # type: ignore[method-assign]
        **machine.environment(**more), "SANGYU_HTTPS": "1", "SANGYU_HOSTS": "sangyu.example"
    }  # fmt: skip
    with running(home, "serve", "--port", str(port), until="已启动"):
        assert "不能用" in machine.sangyu("serve", "--port", port, expect=2)  # the proxy knows no other port
        assert urlopen(f"http://127.0.0.1:{port}/health").read() == b"ok"
        asked = {"Host": "sangyu.example", "X-Forwarded-Proto": "https"}
        answer = urlopen(Request(f"http://127.0.0.1:{port}/sign-in/", headers=asked))
        assert answer.status == 200 and "includeSubDomains" not in answer.headers["Strict-Transport-Security"]
        assert "secure" in answer.headers["Set-Cookie"].lower()
