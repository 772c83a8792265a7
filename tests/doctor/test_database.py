"""What is told of the database: each thing is broken on purpose, and told with what to do."""

import socket
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings
from procrastinate.contrib.django import app as background

from sangyu.config import database, embedded_pg, environment
from sangyu.config.checkup import connection, server, work
from sangyu.config.environment import APP, OWNER, WORKER
from sangyu.config.running import Running, noted
from sangyu.kit.crypto import Keyring
from sangyu.members.tests.cast import make_cast
from tests.database import drop
from tests.doctor.finding import FINE, MUST, NOTICE, Grades, Told, grades


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
    told: Told, own_database: str, monkeypatch: pytest.MonkeyPatch, login: str, said: str, expected: Grades
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
