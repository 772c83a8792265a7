"""The oldest supported PostgreSQL: migrations from empty and the whole story of the demo, on Debian's own 15.

`make test` installs it where it can (scripts/postgresql15.sh). Where it is not to be had, the end of the run says so.
"""

import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.machine import CLERK, OFFICE, Machine

pytestmark = pytest.mark.slow
PROGRAMS = Path(os.environ.get("SANGYU_PG15") or "/usr/lib/postgresql/15/bin")
GUIDE = Path(__file__).parents[1] / "docs" / "running.md"
NOT_HAD = "PostgreSQL 15 is not on this machine: nothing was tried on the oldest supported server"
PASSWORD = "not-a-secret"


class Server:
    """A server of PostgreSQL 15 on a port of its own, with a superuser `admin`."""

    def __init__(self, folder: Path) -> None:
        self.data, self.password = folder / "data", secrets.token_hex(12)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def start(self) -> None:
        (self.data.parent / "password").write_text(self.password)
        self._run(
            "initdb", "-U", "admin", "--auth=scram-sha-256", f"--pwfile={self.data.parent / 'password'}", "--no-sync",
            "--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8",
        )  # fmt: skip
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._run("pg_ctl", "-w", "-l", str(self.data.parent / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def url(self, user: str, password: str, database: str = "postgres") -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def as_admin(self, *statements: str) -> None:
        with psycopg.connect(self.url("admin", self.password), autocommit=True) as admin:
            for statement in statements:
                admin.execute(statement)  # type: ignore[arg-type]

    def _run(self, program: str, *words: str) -> None:
        """PostgreSQL refuses to run as root: then as `nobody`."""
        command = [str(PROGRAMS / program), "-D", str(self.data), *words]
        with tempfile.TemporaryFile() as said:  # not a pipe: the server inherits it, and a pipe would never close
            surroundings = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
            done = subprocess.run(command, stdout=said, stderr=said, cwd="/", env=surroundings, **_nobody())
            said.seek(0)
            assert done.returncode == 0, said.read().decode()


def _nobody() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@pytest.fixture
def server() -> Iterator[Server]:
    if not (PROGRAMS / "initdb").exists():
        warnings.warn(NOT_HAD, stacklevel=1)
        pytest.skip(NOT_HAD)
    folder = Path(tempfile.mkdtemp(prefix="sangyu-pg15-"))
    if os.geteuid() == 0:
        os.chown(folder, _nobody()["user"], _nobody()["group"])
    own = Server(folder)
    own.start()
    yield own
    own.stop()
    shutil.rmtree(folder)


def test_the_whole_story_with_one_plain_login(server: Server, tmp_path: Path) -> None:
    server.as_admin(
        f"create role keeper login createdb createrole password '{PASSWORD}'",
        "create database story owner keeper template template0",
    )
    machine, address = Machine(tmp_path), {"DATABASE_URL": server.url("keeper", PASSWORD, "story")}
    told = machine.sangyu("demo", "--no-serve", **address)
    assert "失败" not in told
    assert "没有被改动" in machine.sangyu("verify", **address)
    figures = machine.figures(**address)
    assert [figures[i]["ok"] for i in ("F020", "F021", "F022", "F023", "F024", "F092", "F093", "F094")] == [True] * 8
    told = machine.sangyu("doctor", expect=1, **address)  # fsync is off, no worker runs
    assert "正常　数据库版本：PostgreSQL 15" in told and "正常　数据表：" in told and "借用建表的用户" in told


def test_three_logins_as_the_guide_says(server: Server, tmp_path: Path) -> None:
    statements = re.search(r"```sql\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert statements
    server.as_admin(*statements[1].replace("密码", PASSWORD).split(";")[:-1])
    machine = Machine(tmp_path)
    addresses = {
        "DATABASE_URL": server.url("sangyu_owner", PASSWORD, "sangyu"),
        "DATABASE_APP_URL": server.url("sangyu_app", PASSWORD, "sangyu"),
        "DATABASE_WORKER_URL": server.url("sangyu_worker", PASSWORD, "sangyu"),
    }
    assert CLERK in machine.sangyu("open-office", OFFICE, "--clerk", CLERK, **addresses)
    machine.sangyu("seal", **addresses)
    alone = {"DATABASE_APP_URL": addresses["DATABASE_APP_URL"]}  # a web machine knows no other login
    assert "没有被改动" in machine.sangyu("verify", **alone)
    told = machine.sangyu("doctor", expect=1, **addresses)
    assert "正常　数据库角色：" in told and "正常　记录的保护：" in told
    assert "正常　记录的保护：" in machine.sangyu("doctor", expect=1, **alone)
