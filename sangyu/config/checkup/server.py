"""The database server: new enough, sees Chinese, settings that keep what was written, connections enough."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sangyu.config import database
from sangyu.config.checkup.connection import Reader
from sangyu.config.checkup.finding import Finding, fine, must, notice
from sangyu.config.database import NotReady
from sangyu.config.running import running

WEB_CONNECTIONS = 4  # of one web process: one for each of its threads
WORKER_CONNECTIONS = 6  # of one worker: its job's, the one that listens, and procrastinate's pool of at most four
SPARE = 10  # for commands, backups and the server's own
OFF = 10  # seconds that two clocks may differ


def findings(reader: Reader) -> Iterator[Finding]:
    yield version(reader)
    yield letters(reader)
    yield from settings(reader)
    yield connections(reader)
    yield clock(reader)


def version(reader: Reader) -> Finding:
    number = reader.connection.info.server_version // 10000
    if number < database.OLDEST:
        return must("version", f"PostgreSQL {number} 太旧，需要 {database.OLDEST} 或更新的版本。请升级数据库服务器。")
    return fine("version", f"PostgreSQL {number}")


def letters(reader: Reader) -> Finding:
    try:
        database.check_letters(reader.connection)
    except NotReady as refused:
        return must("letters", str(refused))
    return fine("letters", "能正确处理中文")


def settings(reader: Reader) -> Iterator[Finding]:
    """Settings that are on unless somebody turned them off."""
    risky = [
        name for name in ("fsync", "full_page_writes", "synchronous_commit") if reader.one(f"show {name}") == "off"
    ]
    if risky:
        yield must("settings", f"{'、'.join(risky)} 关着，断电会丢数据。请在数据库设置里改回 on。")
    lazy = [name for name in ("autovacuum", "track_counts") if reader.one(f"show {name}") == "off"]
    asleep = reader.rows("select relname from pg_class where 'autovacuum_enabled=false' = any(reloptions) order by 1")
    if lazy or asleep:
        told = "、".join([*lazy, *(name for (name,) in asleep)])
        yield must("settings", f"自动清理（autovacuum）关着：{told}。系统会越来越慢，请打开。")
    if not (risky or lazy or asleep):
        yield fine("settings", "断电不丢数据，自动清理开着")


def connections(reader: Reader) -> Finding:
    """What the programs of this machine may hold at most, beside what the server has for everybody."""
    most = int(reader.one("show max_connections")) - int(reader.one("show superuser_reserved_connections"))
    wanted = SPARE + sum(one.web * WEB_CONNECTIONS + one.workers * WORKER_CONNECTIONS for one in running())
    used = reader.one("select count(*) from pg_stat_activity where backend_type = 'client backend'")
    if wanted > most:
        return must(
            "connections",
            f"数据库最多允许 {most} 个，本机的进程最多要用 {wanted} 个。请调大 max_connections 或减少进程。",
        )
    if used > most * 0.8:
        return notice("connections", f"已用 {used} 个，最多 {most} 个，快不够了。请调大 max_connections。")
    return fine("connections", f"已用 {used} 个，本机最多要用 {wanted} 个，数据库允许 {most} 个")


def clock(reader: Reader) -> Finding:
    """This machine's clock beside the server's, and both beside what was recorded already."""
    there = reader.one("select clock_timestamp()")
    apart = abs((datetime.now(UTC) - there).total_seconds())
    if apart > OFF:
        return must("clock", f"本机和数据库服务器的时钟相差 {apart:.0f} 秒。请在两台机器上都打开网络校时。")
    if reader.has("journal_entry"):
        newest = reader.one("select at from journal_entry order by id desc limit 1")
        if newest and (newest - there).total_seconds() > OFF:
            return must("clock", "最新的记录比现在还晚，说明服务器的时钟被调慢过。请校准时钟。")
    return fine("clock", "与数据库一致")
