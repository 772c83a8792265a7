"""What the database lets us see, and what runs; with Django set up, but whatever is missing in the database."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

import psycopg

from sangyu.config import embedded_pg, environment
from sangyu.config.checkup import keys, roles, server, site, work
from sangyu.config.checkup.connection import Reader, reader
from sangyu.config.checkup.finding import Finding, fine, must
from sangyu.config.environment import APP, OWN_URL, OWNER, WORKER

REASONS = (
    ("refused", "那个地址没有数据库在监听"),
    ("No such file", "那个地址没有数据库在监听"),
    ("timeout", "等了很久没有应答"),
    ("resolve host", "找不到这台主机"),
    ("password authentication failed", "用户或密码不对"),
    ("pg_hba.conf", "数据库不允许从这台机器登录"),
    ("not permitted to log in", "这个角色不能登录"),
    ("too many", "连接数用完了"),
    ("does not exist", "没有这个用户、角色或数据库"),
)
NEEDED = {APP: "网站", WORKER: "后台任务"}


def findings() -> Iterator[Finding]:
    with ExitStack() as open_connections:
        readers: dict[str, Reader] = {}
        yield from _connect(open_connections, readers)
        yield from _database(readers)
    yield from work.web()
    yield from site.findings()


def _connect(stack: ExitStack, readers: dict[str, Reader]) -> Iterator[Finding]:
    """Whoever can sign in, by role; a sentence for who cannot."""
    if asleep := _asleep():
        yield asleep
        return
    wanted = environment.named_roles()
    for role in wanted:
        try:
            readers[role] = stack.enter_context(reader(role))
        except psycopg.OperationalError as refused:
            yield must("database", _refused(role, refused))
    if len(readers) == len(wanted):
        yield fine("database", "能连上，各角色都能登录")


def _asleep() -> Finding | None:
    """The embedded server is only looked at when it runs: starting it would be a change."""
    if not environment.uses_embedded():
        return None
    if not (environment.PG_DATA / embedded_pg.MARK).exists():
        return must("database", "还没有数据库。请运行 sangyu up（自己的数据）或 make demo（示例数据）。")
    if not embedded_pg.is_running(environment.PG_DATA):
        return must("database", "内置数据库没有在运行，下面与数据有关的都没有检查。请运行 sangyu up，再检查一次。")
    return None


def _refused(role: str, refused: psycopg.OperationalError) -> str:
    who = NEEDED.get(role, "建表的用户")
    said = str(refused).strip()
    reason = next((chinese for english, chinese in REASONS if english in said), said.splitlines()[0])
    return f"{who}连不上（{reason}）。请检查数据库是否在运行、{OWN_URL[role]} 和角色 {role} 是否正确。"


def _database(readers: dict[str, Reader]) -> Iterator[Finding]:
    app, worker = readers.get(APP), readers.get(WORKER)
    first = app or worker or readers.get(OWNER)
    if first is None:
        return
    yield from _looked("settings", lambda: server.findings(first))
    yield from _looked("roles", lambda: roles.findings(app, worker))
    yield from _looked("migrations", lambda: work.findings(first))
    yield from _looked("keys", lambda: keys.needed(first))


def _looked(topic: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a look finds; a database that will not tell is a finding too."""
    try:
        yield from look()
    except psycopg.Error as refused:
        yield must(topic, f"没有查成：{str(refused).strip().splitlines()[0]}。先处理上面的问题，再检查一次。")
