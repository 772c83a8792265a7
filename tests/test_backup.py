"""Backup and restore: everything comes back, rights included, and nothing is ever overwritten."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sangyu.config import embedded_pg
from tests.machine import CLERK, OFFICE, Machine

pytestmark = pytest.mark.slow
RESTORED = "sangyu_restored"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    home = Machine(tmp_path_factory.mktemp("home"))
    embedded_pg.start(home.data, careless=True)
    home.sangyu("open-office", OFFICE, "--clerk", CLERK, "--phone", "19900001234")
    home.sangyu("seal")
    yield home
    embedded_pg.stop(home.data)


@pytest.fixture(scope="module")
def backup(machine: Machine) -> Path:
    path = machine.home / "备份" / "今天.dump"
    told = machine.sangyu("backup", path)
    assert "密钥" in told and str(machine.home / "keys") in told
    return path


@pytest.fixture(scope="module")
def restored(machine: Machine, backup: Path) -> str:
    assert "已恢复" in machine.sangyu("restore", backup, SANGYU_DB_NAME=RESTORED)
    return RESTORED


def test_it_is_for_its_owner_only_and_holds_no_key(machine: Machine, backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]
    lines = (machine.home / "keys" / "personal-data.keys").read_text().splitlines()
    keys = [line.partition(":")[2].strip().encode() for line in lines if line and not line.startswith("#")]
    assert len(keys) == 2 and not any(key in backup.read_bytes() for key in keys)


def test_it_does_not_overwrite_an_older_backup(machine: Machine, backup: Path) -> None:
    before = backup.read_bytes()
    assert "不会覆盖" in machine.sangyu("backup", backup, expect=2)
    assert backup.read_bytes() == before


def test_everything_comes_back(machine: Machine, restored: str) -> None:
    tables = ("journal_entry", "journal_fact", "journal_batch", "members_person", "duties_dutyrule")
    counted = f"select {', '.join(f'(select count(*) from {table})' for table in tables)}"
    with machine.connect() as before, machine.connect(restored) as after:
        assert before.execute(counted).fetchone() == after.execute(counted).fetchone()
    assert "没有被改动" in machine.sangyu("verify", SANGYU_DB_NAME=restored)


@pytest.mark.parametrize(
    "deed",
    [
        "update journal_entry set verb = 'x'",
        "delete from journal_fact",
        "update journal_fact set amount = 2",
        "delete from journal_unsealed",
        "insert into journal_batch (n, form, ids, leaves, previous, hash) values (99, 1, '{}', '', '', '')",
        "insert into journal_entry (id, at) values (1, now())",
    ],
)
def test_the_site_may_still_only_add_to_the_journal(machine: Machine, restored: str, deed: str) -> None:
    with machine.connect(restored, "sangyu_app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(deed)


def test_tables_still_to_come_are_open_to_the_site(machine: Machine, restored: str) -> None:
    with machine.connect(restored, "sangyu_owner") as owner:
        owner.execute("create table later (id int)")
    with machine.connect(restored, "sangyu_app") as app:
        app.execute("insert into later values (1)")
    with machine.connect(restored, "sangyu_owner") as owner:
        owner.execute("drop table later")


def test_work_goes_on_in_the_restored_one(machine: Machine, restored: str) -> None:
    machine.sangyu("open-office", "金昌市委老干部局", "--clerk", "秦二", SANGYU_DB_NAME=restored)
    machine.sangyu("seal", SANGYU_DB_NAME=restored)
    assert "没有被改动" in machine.sangyu("verify", SANGYU_DB_NAME=restored)


def test_it_restores_into_an_empty_database_only(machine: Machine, backup: Path) -> None:
    with machine.connect() as root:
        before = root.execute("select count(*) from journal_entry").fetchone()
        assert "已有内容" in machine.sangyu("restore", backup, expect=2)
        assert root.execute("select count(*) from journal_entry").fetchone() == before


def test_a_file_that_is_no_backup_leaves_nothing_behind(machine: Machine, tmp_path: Path) -> None:
    wrong = tmp_path / "照片.jpg"
    wrong.write_bytes(b"no backup")
    told = machine.sangyu("restore", wrong, expect=2, SANGYU_DB_NAME="sangyu_wrong")
    assert "没有成功" in told
    with machine.connect("sangyu_wrong") as root:
        tables = root.execute("select count(*) from pg_class where relnamespace = 'public'::regnamespace").fetchone()
    assert tables == (0,)
