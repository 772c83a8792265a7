"""`sangyu verify` beside what is kept outside: the heads' file, a printed page, and an older backup put back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sangyu.config import embedded_pg, environment
from tests.machine import CLERK, OFFICE, Machine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    home = Machine(tmp_path_factory.mktemp("home"))
    embedded_pg.start(home.data, careless=True)
    home.sangyu("open-office", OFFICE, "--clerk", CLERK)
    home.sangyu("seal", SANGYU_SEAL_HASH="sm3")
    yield home
    embedded_pg.stop(home.data)


def kept(machine: Machine) -> Path:
    return machine.home / "heads" / "journal.heads"


def test_the_line_it_prints_can_be_typed_in_again(machine: Machine) -> None:
    told = machine.sangyu("verify")
    found = re.search(r"sangyu verify --head (\d+:[0-9a-f]{64})", told)
    assert found and "没有被改动" in told
    number, digest = found[1].split(":")
    assert kept(machine).read_text().split()[:2] == [number, digest]
    assert kept(machine).read_text().split()[3] == "2"  # SM3
    assert "没有被改动" in machine.sangyu("verify", "--head", found[1].upper())
    told = machine.sangyu("verify", "--head", f"{number}:{'00' * 32}", expect=1)
    assert "您抄存的校验值不一样" in told


@pytest.mark.parametrize("typed", ["12", "一:abcd", "1:zz", "1:abcd"])
def test_a_mistyped_head_is_told(machine: Machine, typed: str) -> None:
    assert f"--head 的写法不对：{typed}" in machine.sangyu("verify", "--head", typed, expect=2)


def test_an_unknown_hash_is_told(machine: Machine) -> None:
    assert "只能是 sha256 或 sm3" in machine.sangyu("verify", expect=2, SANGYU_SEAL_HASH="md5")


def test_an_older_backup_put_back_is_told_until_the_old_file_is_put_aside(machine: Machine) -> None:
    backup = machine.home / "早上.dump"
    machine.sangyu("backup", backup)
    machine.sangyu("open-office", "金昌市委老干部局", "--clerk", "秦二")
    machine.sangyu("seal")
    with machine.connect("postgres") as root:
        root.execute("drop database sangyu with (force)")
    machine.sangyu("restore", backup)
    told = machine.sangyu("verify", expect=1)
    assert "封存记录比系统之外留存的少：留存到第 2 批，数据库里只到第 1 批" in told and "改名另存" in told
    kept(machine).rename(machine.home / "heads" / "2026-11-21 以前.heads")
    machine.sangyu("seal")
    assert "没有被改动" in machine.sangyu("verify")
    assert kept(machine).read_text().startswith("1 ")


def test_each_database_has_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANGYU_HEADS_FILE", "/mnt/other/journal.heads")
    assert environment.heads_file("sangyu") == Path("/mnt/other/journal.heads")
    assert environment.heads_file("sangyu_demo") == Path("/mnt/other/journal.sangyu_demo.heads")
