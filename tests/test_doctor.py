"""`sangyu doctor`: each thing is broken on purpose, and told with what to do; nothing is ever changed by looking."""

import json
import os
import socket
import sys
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings
from procrastinate.contrib.django import app as background

from sangyu.config import backup, database, embedded_pg, environment, running
from sangyu.config.checkup import connection, inside, machine, outside, server, work
from sangyu.config.checkup.finding import Finding, Grade
from sangyu.config.environment import APP, OWNER, WORKER
from sangyu.config.running import Running, noted
from sangyu.kit.crypto import Keyring
from sangyu.members.tests.cast import make_cast
from tests.database import drop
from tests.machine import CLERK, OFFICE, Machine
from tests.roles import connected_as

Told = Callable[[str], list[Finding]]
GRADES = tuple[Grade, ...]
FINE, NOTICE, MUST = (Grade.FINE,), (Grade.NOTICE,), (Grade.MUST,)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where keys, notes and the memory of backups are in order."""
    keys = tmp_path / "keys"
    keys.mkdir()
    for name, text in (("personal-data.keys", environment.KEY_FILE.read_text()), ("secret.key", "x" * 50)):
        (keys / name).write_text(text)
        (keys / name).chmod(0o600)
    monkeypatch.setattr(environment, "KEY_FILE", keys / "personal-data.keys")
    monkeypatch.setattr(environment, "SECRET_KEY_FILE", keys / "secret.key")
    monkeypatch.setattr(running, "NOTES", tmp_path / "running")
    monkeypatch.setattr(backup, "NOTE", tmp_path / "backup.json")
    return tmp_path


@pytest.fixture
def alone(home: Path) -> Told:
    """What is said of a topic without looking into the database."""
    return lambda topic: [one for one in outside.findings() if one.topic == topic]


@pytest.fixture
def told(home: Path, own_database: str, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What is said of a topic of this test's own database."""
    monkeypatch.setenv("SANGYU_DB_NAME", own_database)
    return lambda topic: [one for one in inside.findings() if one.topic == topic]


@pytest.fixture
def owner(own_database: str) -> Iterator[psycopg.Connection[object]]:
    with connected_as(OWNER, own_database) as connected:
        yield connected


def grades(found: list[Finding]) -> GRADES:
    return tuple(one.grade for one in found)


# Without the database


@pytest.mark.parametrize("oldest, expected", [((3, 11), FINE), ((4, 0), MUST)])
def test_python(alone: Told, monkeypatch: pytest.MonkeyPatch, oldest: tuple[int, int], expected: GRADES) -> None:
    monkeypatch.setattr(machine, "OLDEST", oldest)
    assert grades(alone("python")) == expected


@pytest.mark.parametrize("full, tight, expected", [(0, 0, FINE), (0, 1 << 60, NOTICE), (1 << 60, 1 << 60, MUST)])
def test_a_full_disk(alone: Told, monkeypatch: pytest.MonkeyPatch, full: int, tight: int, expected: GRADES) -> None:
    monkeypatch.setattr(machine, "FULL", full)
    monkeypatch.setattr(machine, "TIGHT", tight)
    assert grades(alone("disk")) == expected


def test_missing_time_zones(alone: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    assert grades(alone("zone")) == FINE
    before = zoneinfo.TZPATH
    monkeypatch.setitem(sys.modules, "tzdata", None)
    monkeypatch.setitem(sys.modules, "tzdata.zoneinfo", None)
    monkeypatch.setitem(sys.modules, "tzdata.zoneinfo.Asia", None)
    try:
        zoneinfo.reset_tzpath(to=[])
        zoneinfo.ZoneInfo.clear_cache()
        assert "tzdata" in alone("zone")[0].said and grades(alone("zone")) == MUST
    finally:
        zoneinfo.reset_tzpath(to=before)
        zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.parametrize("days, expected", [(None, NOTICE), (1, FINE), (30, NOTICE)])
def test_backups(alone: Told, days: int | None, expected: GRADES) -> None:
    if days is not None:
        backup.NOTE.write_text(json.dumps({"at": (datetime.now(UTC) - timedelta(days=days)).isoformat()}))
    assert grades(alone("backup")) == expected


def test_keys_in_order(alone: Told) -> None:
    assert grades(alone("key_file")) == grades(alone("secret_key")) == FINE


def test_a_missing_key_file(alone: Told) -> None:
    environment.KEY_FILE.unlink()
    assert "没有找到密钥文件" in alone("key_file")[0].said and grades(alone("key_file")) == MUST


def test_a_key_file_without_sense(alone: Told) -> None:
    environment.KEY_FILE.write_text("1:abc\n")
    assert "第 1 行" in alone("key_file")[0].said and grades(alone("key_file")) == MUST


@pytest.mark.parametrize("topic, file", [("key_file", "personal-data.keys"), ("secret_key", "secret.key")])
def test_keys_that_others_can_read(alone: Told, home: Path, topic: str, file: str) -> None:
    (home / "keys" / file).chmod(0o644)
    assert "chmod 600" in alone(topic)[0].said and grades(alone(topic)) == MUST


def test_keys_by_the_environment(alone: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.KEY_FILE.unlink()
    monkeypatch.setenv("SANGYU_KEYS", Keyring.generate())
    assert "环境变量" in alone("key_file")[0].said and grades(alone("key_file")) == FINE


def test_the_secret_key(alone: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.SECRET_KEY_FILE.unlink()
    assert grades(alone("secret_key")) == NOTICE
    monkeypatch.setenv("SANGYU_SECRET_KEY", "short")
    assert grades(alone("secret_key")) == MUST
    assert not environment.SECRET_KEY_FILE.exists()


def test_an_address_that_cannot_be_read_is_told_without_its_password(
    alone: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres:/me:hush-hush@host/x")
    assert grades(alone("address")) == MUST
    assert "DATABASE_URL" in alone("address")[0].said and "hush" not in alone("address")[0].said


def test_a_setting_that_cannot_be_read(alone: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANGYU_SEAL_HASH", "md5")
    assert "SANGYU_SEAL_HASH" in alone("address")[0].said and grades(alone("address")) == MUST


# In the database


def test_a_database_in_order(told: Told) -> None:
    for topic in ("database", "version", "letters", "clock", "connections", "roles", "journal", "migrations", "seal"):
        assert grades(told(topic)) == FINE, told(topic)


def test_a_database_that_is_not_there(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANGYU_DB_NAME", "sangyu_nowhere")
    assert "没有这个用户、角色或数据库" in told("database")[0].said and grades(told("database")) == MUST * 3


def test_a_server_that_does_not_answer(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("DATABASE_APP_URL", f"postgresql://a:b@127.0.0.1:{closed.getsockname()[1]}/x")
        assert "没有数据库在监听" in told("database")[0].said
        assert grades(told("database")) == MUST
        assert told("migrations") == []


def test_a_server_that_is_too_old(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST", 99)
    assert "太旧" in told("version")[0].said and grades(told("version")) == MUST


def test_a_database_that_cannot_see_chinese(told: Told, own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    blind = f"{own_database}_blind"
    drop(blind)
    try:
        with psycopg.connect(embedded_pg.url(environment.PG_DATA, "postgres"), autocommit=True) as root:
            root.execute(
                f"create database {blind} owner {OWNER} encoding 'SQL_ASCII' locale_provider libc"  # type: ignore[arg-type]
                " lc_collate 'C' lc_ctype 'C' template template0"
            )
        monkeypatch.setenv("SANGYU_DB_NAME", blind)
        assert "UTF8" in told("letters")[0].said and grades(told("letters")) == MUST
        assert grades(told("migrations")) == MUST  # and an empty database does not break the look
    finally:
        drop(blind)


def test_settings_that_lose_data_or_rest(told: Told, owner: psycopg.Connection[object]) -> None:
    assert "断电会丢数据" in told("settings")[0].said  # the tests' own server is careless
    owner.execute("alter table members_person set (autovacuum_enabled = false)")
    assert "members_person" in told("settings")[1].said and grades(told("settings")) == MUST * 2


def test_more_processes_than_connections(told: Told) -> None:
    with noted(Running("127.0.0.1", 1, 99, 1)):
        assert "max_connections" in told("connections")[0].said and grades(told("connections")) == MUST
    assert grades(told("connections")) == FINE


def test_clocks_that_differ(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "OFF", -1)
    assert "相差" in told("clock")[0].said and grades(told("clock")) == MUST


def test_records_of_tomorrow(told: Told, owner: psycopg.Connection[object]) -> None:
    owner.execute(
        "insert into journal_entry (at, door, verb, subject_kind, subject_id, detail)"
        " values (now() + interval '1 day', 'command', 'members.founded', 10, 1, '{}')"
    )
    assert "比现在还晚" in told("clock")[0].said and grades(told("clock")) == MUST


@pytest.mark.parametrize(
    "login, said, expected",
    [("postgres", "超级用户", MUST), (OWNER, "数据表的主人", MUST), ("", "借用建表的用户", NOTICE)],
)
def test_a_site_that_signs_in_too_high(
    told: Told, own_database: str, monkeypatch: pytest.MonkeyPatch, login: str, said: str, expected: GRADES
) -> None:
    for role, name in environment.OWN_URL.items():
        monkeypatch.setenv(name, embedded_pg.url(environment.PG_DATA, own_database, role))
    if login:
        monkeypatch.setenv("DATABASE_APP_URL", embedded_pg.url(environment.PG_DATA, own_database, login))
    else:
        monkeypatch.delenv("DATABASE_APP_URL")
    assert said in told("roles")[0].said and grades(told("roles")) == expected


@pytest.mark.parametrize(
    "deed", ["grant delete on journal_entry to sangyu_app", "grant update (amount) on journal_fact to sangyu_app"]
)
def test_a_site_that_may_change_the_journal(told: Told, owner: psycopg.Connection[object], deed: str) -> None:
    owner.execute(deed)  # type: ignore[arg-type]
    assert "能改动或删除" in told("journal")[0].said and grades(told("journal")) == MUST


def test_a_site_without_rights(told: Told, owner: psycopg.Connection[object]) -> None:
    owner.execute("revoke all on members_person from sangyu_app")
    assert "没有读写数据的权限" in told("journal")[0].said and grades(told("journal")) == MUST


def test_a_worker_without_rights(told: Told, owner: psycopg.Connection[object]) -> None:
    owner.execute("revoke delete on journal_unsealed from sangyu_worker")
    assert "journal_unsealed" in told("roles")[0].said and grades(told("roles")) == MUST


def test_tables_behind_the_code(told: Told, owner: psycopg.Connection[object]) -> None:
    owner.execute("delete from django_migrations where app = 'voices'")
    assert "还有 1 步没有更新（voices.0001_initial" in told("migrations")[0].said
    assert grades(told("migrations")) == MUST


def test_code_behind_the_tables(told: Told, owner: psycopg.Connection[object]) -> None:
    owner.execute("insert into django_migrations (app, name, applied) values ('voices', '9000_later', now())")
    assert "数据库比程序新" in told("migrations")[0].said and grades(told("migrations")) == MUST


def test_entries_that_wait_too_long(told: Told, owner: psycopg.Connection[object]) -> None:
    make_cast()
    assert "等着封存" in told("seal")[0].said and grades(told("seal")) == FINE
    owner.execute("update journal_entry set at = at - interval '1 hour'")
    assert "60 分钟" in told("seal")[0].said and grades(told("seal")) == MUST


def test_the_heads_outside(told: Told, home: Path, settings: LazySettings, owner: psycopg.Connection[object]) -> None:
    kept = settings.HEADS_FILE = home / "heads" / "journal.heads"
    assert grades(told("heads")) == FINE
    owner.execute("insert into journal_batch (n, form, ids, leaves, previous, hash) values (9, 1, '{}', '', '', '')")
    assert grades(told("heads")) == NOTICE
    kept.parent.mkdir()
    for last, said, expected in ((9, "到第 9 批", FINE), (2, "只到第 2 批", MUST), (12, "sangyu verify", MUST)):
        kept.write_text(f"1 {'0' * 64} 2026-11-21T10:00:00 1\n{last} {'0' * 64} 2026-11-21T10:00:00 1\n")
        assert said in told("heads")[0].said and grades(told("heads")) == expected
    settings.HEADS_FILE = kept / "below-a-file"
    assert "SANGYU_HEADS_FILE" in told("heads")[0].said and grades(told("heads")) == MUST


def test_a_pile_of_deltas(told: Told, owner: psycopg.Connection[object], monkeypatch: pytest.MonkeyPatch) -> None:
    if owner.execute("select to_regclass('journal_delta')").fetchone() == (None,):
        pytest.fail("there is no queue of deltas")
    make_cast()
    monkeypatch.setattr(work, "PILE", 0)
    assert "等着汇总" in told("tallies")[0].said and grades(told("tallies")) == MUST


def test_jobs_that_failed_or_wait(told: Told, owner: psycopg.Connection[object]) -> None:
    assert grades(told("jobs")) == FINE
    background.configure_task("members.nothing", allow_unknown=True).defer()
    owner.execute("update procrastinate_events set at = at - interval '1 hour'")
    assert "1 件工作等了" in told("jobs")[0].said and grades(told("jobs")) == MUST
    owner.execute("update procrastinate_jobs set status = 'doing'")
    owner.execute("update procrastinate_jobs set status = 'failed'")
    assert "members.nothing 1 次" in told("jobs")[0].said and grades(told("jobs")) == NOTICE


def test_workers_are_known_by_their_heartbeat(told: Told, owner: psycopg.Connection[object]) -> None:
    assert "sangyu work" in told("worker")[0].said and grades(told("worker")) == MUST
    owner.execute("insert into procrastinate_workers default values")
    assert grades(told("worker")) == FINE
    owner.execute("update procrastinate_workers set last_heartbeat = now() - interval '5 minutes'")
    assert grades(told("worker")) == MUST


def test_a_key_version_that_is_gone(told: Told, owner: psycopg.Connection[object]) -> None:
    make_cast()
    assert grades(told("keys")) == FINE
    owner.execute("update members_person set phone_sealed = overlay(phone_sealed placing '\\x09' from 2 for 1)")
    assert "第 9 版" in told("keys")[0].said and grades(told("keys")) == MUST


def test_the_keys_of_another_machine(told: Told) -> None:
    make_cast()
    environment.KEY_FILE.write_text(Keyring.generate())
    assert "不是原来那一把" in told("keys")[0].said and grades(told("keys")) == MUST


def test_another_index_key(told: Told) -> None:
    make_cast()
    kept = environment.KEY_FILE.read_text().partition("index:")[0]
    environment.KEY_FILE.write_text(kept + "index:" + Keyring.generate().rpartition("index:")[2])
    assert "“index”密钥" in told("keys")[0].said and grades(told("keys")) == MUST


def test_a_database_that_will_not_tell(told: Told, owner: psycopg.Connection[object]) -> None:
    owner.execute("revoke all on members_person from sangyu_app")
    assert "没有查成" in told("keys")[0].said and grades(told("keys")) == MUST


def test_the_look_cannot_write(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANGYU_DB_NAME", own_database)
    for role in (OWNER, APP, WORKER):
        with connection.reader(role) as reader, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reader.rows("delete from django_session returning 1")


# What runs, and how it is reached


def test_a_web_server_that_does_not_answer(told: Told) -> None:
    assert grades(told("web")) == NOTICE
    with noted(Running("127.0.0.1", 1, 2, 1)):
        assert "127.0.0.1:1 没有应答" in told("web")[0].said and grades(told("web")) == MUST


def test_the_note_of_a_killed_program_is_not_believed(told: Told) -> None:
    running.NOTES.mkdir()
    (running.NOTES / "1.json").write_text('{"host": "127.0.0.1", "port": 1, "web": 2, "workers": 1}')
    assert grades(told("web")) == NOTICE


def test_only_this_machine(told: Told, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    assert grades(told("site")) == FINE


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"HTTPS": False}, "SANGYU_HTTPS=1"),
        ({"ALLOWED_HOSTS": ["localhost"]}, "SANGYU_HOSTS"),
        ({"ALLOWED_HOSTS": ["*"]}, "不安全"),
        ({"CSRF_TRUSTED_ORIGINS": ["sangyu.example"]}, "SANGYU_ORIGINS"),
    ],
)
def test_the_way_from_elsewhere(told: Told, settings: LazySettings, wrong: dict[str, object], said: str) -> None:
    right = {"HTTPS": True, "ALLOWED_HOSTS": ["sangyu.example"], "CSRF_TRUSTED_ORIGINS": ["https://sangyu.example"]}
    for name, value in right.items():
        setattr(settings, name, value)
    assert grades(told("site")) == FINE
    for name, value in wrong.items():
        setattr(settings, name, value)
    assert said in told("site")[0].said and grades(told("site")) == MUST


def test_a_server_that_listens_to_all_the_world(told: Told, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    with noted(Running("0.0.0.0", 1, 2, 1)):
        assert grades(told("site")) == MUST * 2


@pytest.mark.parametrize("hosts, expected", [(["localhost"], NOTICE), (["sangyu.example"], MUST)])
def test_debug(told: Told, settings: LazySettings, hosts: list[str], expected: GRADES) -> None:
    assert told("debug") == []
    settings.DEBUG, settings.ALLOWED_HOSTS = True, hosts
    assert "SANGYU_DEBUG" in told("debug")[0].said and grades(told("debug")) == expected


def test_demo_mode_beside_own_data(told: Told, settings: LazySettings) -> None:
    assert told("demo") == []
    settings.DEMO = True
    assert "SANGYU_DEMO" in told("demo")[0].said and grades(told("demo")) == MUST


# As a command


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
