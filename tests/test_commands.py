"""The command line as people type it: what it does, what it says, and that mistakes end in a sentence."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from sangyu.__main__ import main
from sangyu.commands.arguments import COMMANDS
from sangyu.commands.bench import BENCHES
from sangyu.commands.up import free_port
from sangyu.config import embedded_pg
from sangyu.demo.people import BRANCHES
from sangyu.demo.workbooks import write_second_roster
from tests.machine import CLERK, OFFICE, Machine

LATIN = re.compile(r"(?<![-\w./])[a-z]{3,}(?![-\w])")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """An office opened from the command line, its server left running for all tests of this file."""
    home = Machine(tmp_path_factory.mktemp("home"))
    embedded_pg.start(home.data, careless=True)
    home.told = home.sangyu("open-office", OFFICE, "--clerk", CLERK)  # type: ignore[attr-defined]
    yield home
    embedded_pg.stop(home.data)


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("roster") / "登记表.xlsx"
    write_second_roster(path)
    return path


@pytest.mark.parametrize("command", [name for name, (explained, _) in COMMANDS.items() if explained])
def test_every_command_explains_itself_in_chinese(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert COMMANDS[command][0] in told
    assert not set(LATIN.findall(told)) - {"sangyu", "make", "demo", "help", command, *BENCHES}, told


@pytest.mark.parametrize(
    "words, told",
    [
        ([], "还缺少：命令"),
        (["fly"], "“fly”不是可用的命令"),
        (["up", "--port", "eight"], "--port 的写法不对：eight"),
        (["ledger", "--branch", "机关工委支部"], "还缺少：--month"),
        (["ledger", "--branch", "机关工委支部", "--month", "2026-13"], "--month 的写法不对：2026-13"),
        (["figures", "--colour"], "不认识：--colour"),
    ],
)
def test_a_mistyped_command_is_told_what_is_wrong(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.slow
def test_nothing_is_made_where_there_is_no_database(tmp_path: Path) -> None:
    assert "还没有数据库" in Machine(tmp_path / "new").sangyu("figures", expect=2)
    assert not (tmp_path / "new" / "pg18").exists()


@pytest.mark.slow
def test_an_office_opens_with_a_card_for_its_clerk(machine: Machine) -> None:
    told: str = machine.told  # type: ignore[attr-defined]
    assert re.search(r"/card/[\w-]{20,}/", told) and re.search(r"六位数字：\d{6}\b", told)
    with machine.connect() as root:
        assert root.execute("select name from members_organization").fetchall() == [(OFFICE,)]
        assert root.execute("select count(*) from duties_dutyrule").fetchone() == (8,)


@pytest.mark.slow
def test_the_same_office_does_not_open_twice(machine: Machine) -> None:
    assert "已经有了" in machine.sangyu("open-office", OFFICE, "--clerk", "别人", expect=2)
    with machine.connect() as root:
        assert root.execute("select count(*) from members_person where name = '别人'").fetchone() == (0,)


@pytest.mark.slow
def test_a_roster_is_looked_through_and_nobody_comes_in(machine: Machine, roster: Path) -> None:
    assert "只做了检查" in machine.sangyu("import-roster", roster, "--into", OFFICE, "--dry-run")
    with machine.connect() as root:
        assert root.execute("select count(*) from members_membership").fetchone() == (0,)
        assert root.execute("select count(*) from members_rosterimport").fetchone() == (0,)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words, told",
    [
        (["import-roster", __file__, "--into", OFFICE], "。"),
        (["import-roster", "没有这个文件.xlsx", "--into", OFFICE], "没有这个文件.xlsx"),
        (["import-roster", __file__, "--into", "没有这个局"], "没有找到组织"),
        (["ledger", "--branch", "没有这个支部", "--month", "2026-10"], "没有找到“没有这个支部”"),
        (["restore", "没有.备份"], "找不到备份文件"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(machine: Machine, words: list[str], told: str) -> None:
    assert told in machine.sangyu(*words, expect=2)


@pytest.mark.slow
def test_figures_without_records_say_so(machine: Machine) -> None:
    found = machine.figures()
    assert found["F003"] == {
        "id": "F003",
        "expected": 40,
        "bound": "at_least",
        "value": None,
        "ok": None,
        "note": "尚未统计",
    }
    assert "尚未统计" in machine.sangyu("figures", "--place", "嘉峪关")
    assert sum(size for _, size in BRANCHES) > 0


@pytest.mark.slow
def test_verify_finds_what_was_changed_behind_its_back(machine: Machine) -> None:
    machine.sangyu("seal")
    assert "没有被改动" in machine.sangyu("verify")
    with machine.connect() as root:
        changed = "update journal_entry set verb = %s where id = (select min(id) from journal_entry)"
        root.execute(changed, ["members.left"])
        told = machine.sangyu("verify", expect=1)
        root.execute(changed, ["members.founded"])
    assert "被改动" in told
    machine.sangyu("verify")


@pytest.mark.slow
def test_the_sealing_step_needs_the_workers_role(machine: Machine) -> None:
    with machine.connect(user="sangyu_app") as app, pytest.raises(Exception, match="permission denied"):
        app.execute("delete from journal_unsealed")


@pytest.mark.slow
def test_a_taken_port_is_left_alone(machine: Machine) -> None:
    wanted = free_port("127.0.0.1", 8700)
    with _up(machine, wanted) as (process, port):
        assert port == wanted
        assert free_port("127.0.0.1", wanted) == wanted + 1
        assert process.poll() is None


@pytest.mark.slow
def test_up_serves_and_seals_and_ends_when_told(machine: Machine) -> None:
    wanted = free_port("127.0.0.1", 8750)
    with _up(machine, wanted) as (process, port):
        assert _status(port, "/health") == 200
        assert _status(port, "/") == 302
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    with pytest.raises(OSError):
        _status(port, "/health")


@pytest.mark.slow
def test_up_ends_when_one_of_its_children_dies(machine: Machine) -> None:
    with _up(machine, free_port("127.0.0.1", 8800)) as (process, port):
        worker = next(pid for pid in _children(process.pid) if _words(pid).endswith("\0work\0"))
        os.kill(worker, signal.SIGKILL)
        assert process.wait(40) == 1
    with pytest.raises(OSError):
        _status(port, "/health")


class _up:
    """`sangyu up` until it answers; stopped on the way out."""

    def __init__(self, machine: Machine, port: int) -> None:
        self.port = port
        command = [sys.executable, "-m", "sangyu", "up", "--port", str(port)]
        self.process = subprocess.Popen(command, env=machine.environment(), stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> tuple["subprocess.Popen[str]", int]:
        deadline = time.monotonic() + 120
        assert self.process.stdout is not None
        while time.monotonic() < deadline:
            line = self.process.stdout.readline()
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                return self.process, int(found[1])
            assert line, "it ended before it served"
        raise AssertionError("it does not serve")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()


def _status(port: int, path: str) -> int:
    visit = HTTPConnection("127.0.0.1", port, timeout=20)
    visit.request("GET", path)
    return visit.getresponse().status


def _children(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        parts = path.read_text().rpartition(")")[2].split()
        if int(parts[1]) == pid:
            found.append(int(path.parent.name))
    return found


def _words(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()
