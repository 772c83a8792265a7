"""The embedded database: one server however many start it, back after a crash, and never anybody else's files."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sangyu.config import database, embedded_pg

START = """
import sys
from pathlib import Path
from sangyu.config import embedded_pg
embedded_pg.start(Path(sys.argv[1]), careless=True)
"""


@pytest.fixture
def data() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="sangyu-pg-"))
    yield home / "pg18"
    embedded_pg.stop(home / "pg18")
    shutil.rmtree(home, ignore_errors=True)


def test_four_starters_at_once_get_one_server(data: Path) -> None:
    starters = [subprocess.Popen([sys.executable, "-c", START, str(data)]) for _ in range(4)]
    assert [starter.wait(120) for starter in starters] == [0, 0, 0, 0]
    with psycopg.connect(embedded_pg.url(data, "postgres")) as root:
        assert root.execute("select 1").fetchone() == (1,)


def test_it_comes_back_after_the_postmaster_was_killed(data: Path) -> None:
    embedded_pg.start(data)
    with psycopg.connect(embedded_pg.url(data, "postgres"), autocommit=True) as root:
        root.execute("create table kept as select generate_series(1, 1000) i")
    os.kill(int((data / "made" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    embedded_pg.start(data)
    with psycopg.connect(embedded_pg.url(data, "postgres")) as root:
        assert root.execute("select count(*) from kept").fetchone() == (1000,)


def test_a_half_made_directory_is_made_anew(data: Path) -> None:
    data.mkdir(parents=True)
    (data / embedded_pg.MARK).touch()
    (data / "made").mkdir()
    (data / "made" / "half").touch()
    embedded_pg.start(data, careless=True)
    assert embedded_pg.is_running(data)


def test_a_directory_with_other_files_is_left_alone(data: Path) -> None:
    data.mkdir(parents=True)
    (data / "照片.jpg").touch()
    with pytest.raises(embedded_pg.NotStarted, match="别的文件"):
        embedded_pg.start(data, careless=True)
    assert (data / "照片.jpg").exists()


def test_a_long_chinese_path_works(data: Path) -> None:
    long = data.parent / ("桑榆" * 20) / "数据" / "pg18"
    embedded_pg.start(long, careless=True)
    try:
        assert embedded_pg.is_running(long)
    finally:
        embedded_pg.stop(long)


def test_it_sees_chinese_letters(data: Path) -> None:
    with psycopg.connect(embedded_pg.start(data, careless=True), autocommit=True) as root:
        database.make_owner(root)
        database.check(root)
        root.execute(
            "create database blind encoding 'SQL_ASCII' locale_provider libc lc_collate 'C' lc_ctype 'C' "
            "template template0"
        )
    with psycopg.connect(embedded_pg.url(data, "blind")) as blind, pytest.raises(database.NotReady, match="中文"):
        database.check(blind)


def test_the_owner_is_no_superuser(data: Path) -> None:
    with psycopg.connect(embedded_pg.start(data, careless=True), autocommit=True) as root:
        database.make_owner(root)
        assert root.execute(
            "select rolsuper, rolbypassrls from pg_roles where rolname = 'sangyu_owner'"
        ).fetchone() == (False, False)
