"""The key file: read, made once, and changed only as a whole, with a copy of what it was."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from sangyu.kit.crypto.keys import (
    HIGHEST_VERSION,
    Keyring,
    KeyringUnusable,
    entry_version,
    fresh_data_key,
    fresh_index_key,
)

ENVIRONMENT_NAME = "SANGYU_KEYS"
HOW_TO_MAKE = (
    '可运行：(umask 077; python -c "from sangyu.kit.crypto import Keyring; print(Keyring.generate())" > {path})，'
    f"或把同样的内容放入环境变量 {ENVIRONMENT_NAME}。若以前有密钥，请恢复原来的，新密钥打不开旧数据。"
)


def load_keyring(environ: Mapping[str, str], path: Path) -> Keyring:
    """The keys from SANGYU_KEYS, else from the file. Raises KeyringUnusable."""
    text = environ.get(ENVIRONMENT_NAME, "")
    if text.strip():
        return parse_from(f"环境变量 {ENVIRONMENT_NAME}", text)
    return parse_from(f"密钥文件 {path}", _text(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise KeyringUnusable(f"没有找到密钥文件 {path}。" + HOW_TO_MAKE.format(path=path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise KeyringUnusable(f"密钥文件 {path} 读不出来：{error}。") from error


def parse_from(place: str, text: str) -> Keyring:
    """The keys in a text. Raises KeyringUnusable, which says where the text stands."""
    try:
        return Keyring.parse(text)
    except KeyringUnusable as error:
        raise KeyringUnusable(f"{place}：{error}") from error


def ensure_key_file(path: Path) -> None:
    """Make the key file (0600) if there is none; an existing one is never touched."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with _draft(path, Keyring.generate()) as draft, suppress(FileExistsError):
        # A link is refused if the name is taken, and shows the whole file at once: of two processes that start
        # together one wins, and the other never reads half a key.
        os.link(draft, path)


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """While it is held nobody else changes keys in that directory. Raises KeyringUnusable when somebody does."""
    directory = os.open(path.resolve().parent, os.O_RDONLY)
    try:
        _hold(directory)
        yield
    finally:
        os.close(directory)


def _hold(directory: int) -> None:
    try:
        fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)  # goes with the process, however it ends
    except BlockingIOError as error:
        raise KeyringUnusable("另一个更换密钥的命令正在运行，请等它结束。") from error


def add_keys(path: Path, cipher: str, index_hash: str) -> Keyring:
    """Add a data key for `cipher` and an index key for `index_hash`; '' adds none. All old lines stay.

    Raises KeyringUnusable when the file can't be read or replaced, or the versions are used up.
    """
    path, lines = path.resolve(), []
    text = _text(path)
    keyring = parse_from(f"密钥文件 {path}", text)
    if cipher:
        lines.append(fresh_data_key(cipher).line(_next(keyring.current)))
    if index_hash:
        lines.append(fresh_index_key(index_hash).line(_next(keyring.current_index)))
    return _replace(path, text, "\n".join([text.rstrip("\n"), *lines, ""]))


def remove_old_keys(path: Path) -> Keyring:
    """Take out all but the keys in use; the copy beside the file keeps them. Raises KeyringUnusable."""
    path = path.resolve()
    text = _text(path)
    keyring = parse_from(f"密钥文件 {path}", text)
    used = {(False, keyring.current), (True, keyring.current_index)}
    lines = [line for old in text.splitlines() if (line := _with_only(used, old)) or not old.strip()]
    return _replace(path, text, "\n".join([*lines, ""]))


def _with_only(used: set[tuple[bool, int]], line: str) -> str:
    """A line of the key file without the other keys; '' when nothing but other keys stood in it."""
    entries, mark, comment = line.partition("#")
    if not entries.strip():
        return line
    kept = ";".join(entry for entry in entries.split(";") if entry.strip() and entry_version(entry) in used)
    return kept and kept + mark + comment


def copies(path: Path) -> list[Path]:
    """The copies that changes have left beside the key file, oldest first."""
    return sorted(path.parent.glob(f"{path.name}.20*"))


def _next(version: int) -> int:
    if version >= HIGHEST_VERSION:
        raise KeyringUnusable(f"密钥版本号已经用到 {HIGHEST_VERSION}，不能再换。")
    return version + 1


def _replace(path: Path, old: str, new: str) -> Keyring:
    """Put `new` in the place of `old`, whole at once, after a copy of `old` is safe on the disk."""
    keyring = parse_from(f"密钥文件 {path}", new)
    owner = path.stat()
    if owner.st_uid != os.geteuid() != 0:
        # The site's processes could no longer read a file that belongs to somebody else.
        raise KeyringUnusable(f"密钥文件 {path} 属于另一个用户。请用运行网站的那个用户来换密钥。")
    moment = time.strftime("%Y%m%d-%H%M%S")
    for content, place in ((old, f"{path}.{moment}-{time.time_ns() % 10**9:09}"), (new, str(path))):
        with _draft(path, content) as draft:
            os.chown(draft, owner.st_uid, owner.st_gid)
            os.replace(draft, place)
        _sync(path.parent)
    return keyring


@contextmanager
def _draft(path: Path, content: str) -> Iterator[str]:
    """A file beside `path` with this content, 0600 and safe on the disk; gone afterwards unless it was renamed."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # O_EXCL, 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)


def _sync(directory: Path) -> None:
    """A name in a directory outlasts a power cut only when the directory itself is written."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
