"""The copy of the seals' heads outside the database: there, writable, and not behind."""

import os
from pathlib import Path

from django.conf import settings

from sangyu.config.checkup.connection import Reader
from sangyu.config.checkup.finding import Finding, fine, must, notice

TAIL = 4000  # bytes: some lines
BEHIND = 3  # batches that may be on their way


def finding(reader: Reader) -> Finding:
    """Where workers seal the file must follow; elsewhere there is none."""
    path = Path(settings.HEADS_FILE)
    ended = reader.one("select coalesce(max(n), 0) from journal_batch")
    try:
        if not path.exists():
            return _missing(path, ended)
        if not os.access(path, os.W_OK):
            return must("heads", f"{path} 不能写。请让运行后台任务的用户能写它。")
        kept = _last_number(path)
    except OSError as refused:
        return must("heads", f"{path} 读不出来：{refused.strerror}。请检查这个位置，或用 SANGYU_HEADS_FILE 换一个。")
    if kept > ended:
        return must("heads", f"留存到第 {kept} 批，数据库里只到第 {ended} 批。请运行 sangyu verify，看是哪里不一样。")
    if kept < ended - BEHIND:
        return must("heads", f"{path} 只到第 {kept} 批，数据库里已到第 {ended} 批。请检查后台任务能不能写它。")
    return fine("heads", f"{path}，到第 {kept} 批")


def _missing(path: Path, ended: int) -> Finding:
    folder = next(place for place in path.parents if place.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return must("heads", f"{folder} 不能写，校验值无处留存。请换一个位置，设 SANGYU_HEADS_FILE。")
    if ended:
        return notice("heads", f"这台机器上没有 {path}。运行后台任务的机器上应当有；那里也没有就请检查后台任务。")
    return fine("heads", "还没有封存过，第一次封存时会有")


def _last_number(path: Path) -> int:
    """The batch in the newest line that can be read; 0 without one."""
    with open(path, "rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        words = [line.split()[0] for line in file.read().decode(errors="replace").splitlines()[-3:] if line.strip()]
    return max((int(word) for word in words if word.isdecimal()), default=0)
