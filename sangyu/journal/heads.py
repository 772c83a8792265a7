"""The chain's heads outside the database: without them its owner could write everything anew and nobody would see.

One line per batch: number, hash, time, form. The file only grows; it may lie on another machine's mount.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.db import connection

logger = logging.getLogger(__name__)

BITE = 1000  # lines compared at once
TAIL = 400  # bytes: more than one line, less than a block
WHAT_TO_DO = (
    "如果确实从备份恢复过，请把留存文件改名另存（不要删除），系统会另起一份；"
    "没有恢复过，就是有人改动了数据库，请保留现场并联系技术人员。"
)


class Head(NamedTuple):
    """Number of a batch and its hash (hex)."""

    n: int
    hash: str


def keep() -> None:
    """Add to the file what it does not have yet. Never stops the sealing: what hinders it is told to the log."""
    path = Path(settings.HEADS_FILE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(path, "a+b", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            last, ended = _last_of(file)
            if not ended:
                file.write(b"\n")
            file.writelines(_lines_after(last))
            file.flush()
            os.fsync(file.fileno())
    except OSError as refused:
        logger.error("封存校验值没有写进 %s：%s。封存照常进行；请检查这个位置能不能写。", path, refused)


def differing(told: Iterable[Head]) -> Iterator[str]:
    """What the chain says otherwise than the file and the heads `told` by hand, as sentences."""
    ended = _last_number()
    missing = 0
    heads = _read(Path(settings.HEADS_FILE))
    for bite in iter(lambda: list(islice(heads, BITE)), []):
        kept = [head for head in bite if isinstance(head, Head)]
        yield from (sentence for sentence in bite if isinstance(sentence, str))
        missing = max([missing, *(head.n for head in kept if head.n > ended)])
        yield from _unlike(kept, "留存文件里的")
    if missing:
        yield f"封存记录比系统之外留存的少：留存到第 {missing} 批，数据库里只到第 {ended} 批。{WHAT_TO_DO}"
    for head in told:
        if head.n > ended:
            yield f"封存记录比您抄存的少：抄存的是第 {head.n} 批，数据库里只到第 {ended} 批。"
        yield from _unlike([head], "您抄存的")


def are_kept() -> bool:
    """Whether there is a file to compare with."""
    return Path(settings.HEADS_FILE).exists()


def last() -> Head | None:
    """The newest batch: noted outside the database, it shows whether the chain was cut short."""
    with connection.cursor() as cursor:
        cursor.execute("select n, hash from journal_batch order by n desc limit 1")
        row = cursor.fetchone()
    return Head(row[0], bytes(row[1]).hex()) if row else None


def _last_number() -> int:
    head = last()
    return head.n if head else 0


def _last_of(file: BinaryIO) -> tuple[int, bool]:
    """Number in the file's last whole line, and whether the file ends with a line's end."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    numbers = [head.n for line in tail.splitlines()[-2:] if (head := _head(line.decode(errors="replace")))]
    return max(numbers, default=0), not tail or tail.endswith(b"\n")


def _lines_after(n: int) -> Iterator[bytes]:
    while rows := _batches_after(n):
        for number, digest, at, form in rows:
            yield f"{number} {bytes(digest).hex()} {at.isoformat(timespec='seconds')} {form}\n".encode()
        n = rows[-1][0]


def _batches_after(n: int) -> list[tuple[int, bytes, datetime, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select n, hash, at, form from journal_batch where n > %s order by n limit %s",
            [n, BITE],
        )
        return list(cursor.fetchall())


def _read(path: Path) -> Iterator[Head | str]:
    if not path.exists():
        return
    if not os.access(path, os.R_OK):
        yield f"留存文件 {path} 没有权限读，没有比对。"
        return
    with open(path, encoding="utf-8", errors="replace") as file:
        for place, line in enumerate(file, 1):
            if line.strip():
                yield _head(line) or f"留存文件 {path} 的第 {place} 行读不出来，没有比对。"


def _head(line: str) -> Head | None:
    words = line.split()
    if len(words) != 4 or not words[0].isdecimal() or len(words[1]) != 64:
        return None
    return Head(int(words[0]), words[1].lower())


def _unlike(heads: list[Head], whose: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("select n, hash from journal_batch where n = any(%s::int[])", [[head.n for head in heads]])
        stored = {n: bytes(digest).hex() for n, digest in cursor.fetchall()}
    for head in heads:
        if head.n in stored and stored[head.n] != head.hash:
            yield f"封存批次 {head.n} 和{whose}校验值不一样：从这一批起，封存记录被重新写过。{WHAT_TO_DO}"
