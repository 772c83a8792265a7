"""`sangyu doctor` as it is typed: it tells, and changes nothing."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sangyu.config import embedded_pg
from tests.machine import CLERK, OFFICE, Machine


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """An office on a machine of its own, whose server keeps what was written."""
    own = Machine(tmp_path_factory.mktemp("office"))
    embedded_pg.start(own.data)
    own.sangyu("open-office", OFFICE, "--clerk", CLERK, "--phone", "19900001234")
    yield own
    embedded_pg.stop(own.data)


@pytest.mark.slow
def test_nothing_is_there_yet(tmp_path: Path) -> None:
    home = tmp_path / "new"
    said = Machine(home).sangyu("doctor", expect=1)
    assert "要处理　数据库：还没有数据库。请运行 sangyu up" in said
    assert not home.exists()


@pytest.mark.slow
def test_it_tells_and_changes_nothing(office: Machine) -> None:
    secret = office.home / "keys" / "secret.key"
    secret.unlink()
    tables = "select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_user_tables order by 1"
    with office.connect() as root:
        before = _files(office.home), root.execute(tables).fetchall()
        said = office.sangyu("doctor", expect=1)  # no worker runs
        assert before == (_files(office.home), root.execute(tables).fetchall())
    assert "要处理　后台任务：没有在运行" in said and "正常　数据表：" in said
    assert said.strip().splitlines()[-1].startswith("检查完毕：1 项要处理")


@pytest.mark.slow
def test_programs_read_it_as_json(office: Machine) -> None:
    with office.connect() as root:
        root.execute("insert into procrastinate_workers default values")
        found = json.loads(office.sangyu("doctor", "--json", expect=0))
        root.execute("delete from procrastinate_workers")
    assert {one["grade"] for one in found} == {"ok", "notice"}
    assert {"topic", "about", "grade", "said"} == set(found[0])


@pytest.mark.slow
def test_it_works_while_the_database_rests(office: Machine) -> None:
    embedded_pg.stop(office.data)
    try:
        assert "内置数据库没有在运行" in office.sangyu("doctor", expect=1)
        assert not embedded_pg.is_running(office.data)
    finally:
        embedded_pg.start(office.data)


def _files(home: Path) -> list[tuple[str, int]]:
    """Everything of ours in the home; the server's own files live their own life."""
    kept = [path for path in home.rglob("*") if path.is_file() and "pg18" not in path.parts]
    return sorted((str(path), path.stat().st_size) for path in kept) + [("", len(os.listdir(home)))]
