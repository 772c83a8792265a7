"""Backup into one file and back, by PostgreSQL's own programs. The keys of personal data are never inside."""

import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import pq

from sangyu.config import database, embedded_pg, environment
from sangyu.config.database import NotReady
from sangyu.config.environment import OWNER

NOTE = environment.HOME / "backup.json"  # when the last one was made, for the doctor


def write(path: Path) -> None:
    """Dump the database into `path`, readable by its owner only; the file appears when it is whole. Raises NotReady."""
    if path.exists():
        raise NotReady(f"{path} 已经有了，不会覆盖。请换一个文件名。")
    with psycopg.connect(**environment.conninfo(OWNER)) as owner:
        if database.is_empty(owner):
            raise NotReady("数据库是空的，没有可备份的内容。")
        version = owner.info.server_version // 10000
    unfinished = path.with_name(path.name + ".未完成")
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        _run([program("pg_dump", version), "--format=custom", "--file", str(unfinished)])
        unfinished.rename(path)
        NOTE.write_text(json.dumps({"at": datetime.now(UTC).isoformat(), "file": str(path)}))
    finally:
        unfinished.unlink(missing_ok=True)


def read(path: Path) -> None:
    """Restore `path` into an empty database, all or nothing: roles first, so that every right comes back as it was.

    Raises NotReady when the database holds anything, or the file is no backup.
    """
    if not path.is_file():
        raise NotReady(f"找不到备份文件 {path}。")
    with psycopg.connect(**environment.conninfo(OWNER), autocommit=True) as owner:
        database.check(owner)
        if not database.is_empty(owner):
            raise NotReady("这个数据库里已有内容。只能恢复到空的数据库，请新建一个再恢复，以免覆盖。")
        database.make_roles(owner)
        version, name = owner.info.server_version // 10000, owner.info.dbname
    restoring = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-comments", "--dbname", name]
    _run([program("pg_restore", version), *restoring, str(path)])


def program(name: str, version: int) -> str:
    """The newest such program here. Raises NotReady when it is older than the server: it could not read it whole."""
    places = [embedded_pg.bindir() / name, shutil.which(name)]
    newest = max(((_version(str(place)), str(place)) for place in places if place), default=(0, ""))
    if newest[0] < version:
        raise NotReady(f"服务器是 PostgreSQL {version}，这里的 {name} 不够新。请安装 {version} 版的客户端程序。")
    return newest[1]


def _version(path: str) -> int:
    told = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"\) (\d+)", told)
    return int(found[1]) if found else 0


def _run(command: list[str]) -> None:
    """Run one program on the owner's database. Passwords go by the environment, never on the command line."""
    done = subprocess.run(command, env={**os.environ, **_connection()}, capture_output=True, text=True)
    if done.returncode:
        raise NotReady(f"{Path(command[0]).name} 没有成功：\n{done.stderr.strip()}")


def _connection() -> dict[str, str]:
    """The owner's connection parameters as libpq's environment variables."""
    names = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults()}
    given = environment.conninfo(OWNER)
    return {variable.decode(): str(value) for key, value in given.items() if (variable := names[key])}
