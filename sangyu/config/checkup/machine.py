"""The machine itself: Python, disk, time zone, backups."""

import json
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sangyu.config import backup, environment
from sangyu.config.checkup.finding import Finding, fine, must, notice

GB = 1_000_000_000
FULL, TIGHT = GB, 5 * GB  # bytes free: PostgreSQL stops writing on a full disk
BACKUP_DAYS = 7
OLDEST = (3, 11)  # of Python


def findings() -> Iterator[Finding]:
    yield python()
    yield disk()
    yield zone()
    yield backed_up()


def python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        return must("python", f"版本是 {found}，需要 {OLDEST[0]}.{OLDEST[1]} 或更新的版本，请先安装。")
    return fine("python", f"版本 {found}")


def disk() -> Finding:
    """Free space where the data lies (the embedded database with it)."""
    place = _standing(environment.HOME)
    free = shutil.disk_usage(place).free
    told = f"{environment.HOME} 所在的磁盘还剩 {free / GB:.1f} GB"
    if free < FULL:
        return must("disk", f"{told}，快满了，写满后系统会停止。请马上清理或扩大磁盘。")
    if free < TIGHT:
        return notice("disk", f"{told}，请安排清理或扩大。")
    return fine("disk", told)


def _standing(path: Path) -> Path:
    """The path or the nearest folder above that exists."""
    return next(place for place in (path, *path.parents) if place.exists())


def zone() -> Finding:
    try:
        now = datetime.now(ZoneInfo("Asia/Shanghai"))
    except ZoneInfoNotFoundError:
        return must("zone", "找不到北京时间的时区数据。请重新安装软件包 tzdata。")
    return fine("zone", f"北京时间 {now:%Y-%m-%d %H:%M}")


def backed_up() -> Finding:
    """How old the last backup is that this machine made."""
    try:
        last = datetime.fromisoformat(json.loads(backup.NOTE.read_text())["at"])
    except (OSError, ValueError, KeyError):
        return notice("backup", "没有用 sangyu backup 备份过的记录。请每天备份，并把备份和密钥分开保存。")
    age = datetime.now(last.tzinfo) - last
    if age > timedelta(days=BACKUP_DAYS):
        return notice("backup", f"上一次备份已是 {age.days} 天以前。请运行 sangyu backup，最好每天自动运行。")
    return fine("backup", f"上一次在 {last:%Y-%m-%d %H:%M}")
