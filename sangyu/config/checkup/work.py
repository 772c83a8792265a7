"""What should be going on: tables as this code knows them, nothing waiting too long, workers and web alive."""

from collections.abc import Iterator

from django.db.migrations.loader import MigrationLoader

from sangyu.config.checkup import heads
from sangyu.config.checkup.connection import Reader
from sangyu.config.checkup.finding import Finding, fine, must, notice
from sangyu.config.running import answers, running

LATE = 10  # minutes that something may wait: the worker comes by once a minute
BEAT = 60  # seconds: a living worker says so every ten
PILE = 100_000  # deltas that are still added to each figure in good time


def findings(reader: Reader) -> Iterator[Finding]:
    yield migrations(reader)
    alive = _workers(reader)
    yield worker(alive)
    yield from queues(reader)
    yield from jobs(reader)


def migrations(reader: Reader) -> Finding:
    """What this code wants beside what was applied."""
    wanted = set(MigrationLoader(None).graph.nodes)
    applied = set()
    if reader.has("django_migrations"):
        applied = {tuple(row) for row in reader.rows("select app, name from django_migrations")}
    if missing := wanted - applied:
        told = "、".join(sorted(".".join(key) for key in missing)[:3])
        return must("migrations", f"还有 {len(missing)} 步没有更新（{told} 等）。请先备份，再运行 sangyu up。")
    ours = {app for app, _ in wanted}
    if newer := sorted(".".join(key) for key in applied - wanted if key[0] in ours):
        return must("migrations", f"数据库比程序新（{'、'.join(newer[:3])}）。请换用新版的程序，不要用旧版写入。")
    return fine("migrations", f"{len(wanted)} 步都已更新")


def _workers(reader: Reader) -> int:
    if not reader.has("procrastinate_workers"):
        return 0
    return int(
        reader.one(
            "select count(*) from procrastinate_workers where last_heartbeat > now() - make_interval(secs => %s)",
            [BEAT],
        )
    )


def worker(alive: int) -> Finding:
    """Workers anywhere: each writes its heartbeat into the database."""
    if not alive:
        return must("worker", "没有在运行，记录不会封存，导入不会进行。请运行 sangyu up（或 sangyu work）。")
    return fine("worker", f"{alive} 个在运行")


def queues(reader: Reader) -> Iterator[Finding]:
    """Entries that wait to be sealed, deltas that wait to be added up."""
    if reader.has("journal_unsealed"):
        yield _unsealed(reader)
        yield heads.finding(reader)
    if reader.has("journal_delta"):
        yield _deltas(reader)


def _unsealed(reader: Reader) -> Finding:
    waiting, minutes = reader.rows(
        "select count(*), coalesce(extract(epoch from now() - min(e.at)) / 60, 0)"
        " from journal_unsealed u join journal_entry e on e.id = u.entry_id"
    )[0]
    if minutes > LATE:
        return must(
            "seal", f"{waiting} 条记录等着封存，最早的已等 {minutes:.0f} 分钟。请检查后台任务是否在运行、有没有报错。"
        )
    return fine("seal", f"{waiting} 条记录等着封存" if waiting else "都已封存")


def _deltas(reader: Reader) -> Finding:
    waiting = reader.one(f"select count(*) from (select from journal_delta limit {PILE + 1}) w")
    if waiting > PILE:
        return must("tallies", f"超过 {PILE} 笔变动等着汇总，数字会越查越慢。请检查后台任务是否在运行、有没有报错。")
    return fine("tallies", f"{waiting} 笔变动等着汇总" if waiting else "都已汇总")


def jobs(reader: Reader) -> Iterator[Finding]:
    """Jobs that failed in the last week, and jobs that nobody takes up."""
    if not reader.has("procrastinate_jobs"):
        return
    failed = reader.rows(
        "select task_name, count(*) from procrastinate_jobs j where status = 'failed' and exists (select from"
        " procrastinate_events e where e.job_id = j.id and e.at > now() - interval '7 days') group by 1 order by 1"
    )
    late = reader.one(
        "select count(*) from procrastinate_jobs where status = 'todo' and coalesce(scheduled_at, (select min(at) from"
        " procrastinate_events e where e.job_id = procrastinate_jobs.id)) < now() - make_interval(mins => %s)",
        [LATE],
    )
    if failed:
        told = "、".join(f"{name} {count} 次" for name, count in failed)
        yield notice("jobs", f"最近七天有没做成的：{told}。请看后台任务当时的输出，排除后重做一次。")
    if late:
        yield must("jobs", f"{late} 件工作等了超过 {LATE} 分钟。请检查后台任务是否在运行、有没有卡住。")
    if not failed and not late:
        yield fine("jobs", "没有积压，没有失败")


def web() -> Iterator[Finding]:
    """The web servers that were started on this machine, each asked whether it lives."""
    programs = [one for one in running() if one.web]
    if not programs:
        yield notice("web", "这台机器上没有在运行。如果应当在这里运行，请运行 sangyu up（或 sangyu serve）。")
    for program in programs:
        address = f"{program.host}:{program.port}"
        if answers(program):
            yield fine("web", f"{address} 有应答，{program.web} 个进程")
        else:
            yield must("web", f"{address} 没有应答。请看它的输出，必要时停止后重新启动。")
