"""The keys: there, kept from others, readable; and every one that the rows need."""

import os
from collections.abc import Iterator
from pathlib import Path

from sangyu.config import environment
from sangyu.config.checkup.connection import Reader
from sangyu.config.checkup.finding import Finding, fine, must, notice
from sangyu.keys.queries import INDEXED_BY, SEALED_BY
from sangyu.kit import crypto
from sangyu.kit.crypto import Keyring, KeyringUnusable, SealBroken

SHORTEST_SECRET = 32


def files() -> Iterator[Finding]:
    """The key file and the secret key, without asking the database."""
    yield from _key_file()
    yield _secret_key()


def _key_file() -> Iterator[Finding]:
    path = environment.KEY_FILE
    try:
        keyring = crypto.load_keyring(os.environ, path)
    except KeyringUnusable as unusable:
        yield must("key_file", f"{unusable}".replace("\n", " "))
        return
    if os.environ.get(crypto.ENVIRONMENT_NAME, "").strip():
        yield fine("key_file", f"密钥来自环境变量 {crypto.ENVIRONMENT_NAME}，当前第 {keyring.current} 版")
        return
    yield _private("key_file", path) or fine("key_file", f"{path}，当前第 {keyring.current} 版")


def _private(topic: str, path: Path) -> Finding | None:
    """Told when others on this machine can read the file."""
    rights = path.stat().st_mode & 0o777
    if rights & 0o077:
        return must(topic, f"{path} 别的用户也能读（权限 {rights:o}）。请运行 chmod 600 {path}")
    return None


def _secret_key() -> Finding:
    path = environment.SECRET_KEY_FILE
    given = os.environ.get("SANGYU_SECRET_KEY")
    if given is None and not path.exists():
        return notice("secret_key", f"还没有，第一次启动时会自动生成在 {path}；多台机器要用同一个。")
    if given is None and (open_to_others := _private("secret_key", path)):
        return open_to_others
    if len(given if given is not None else path.read_text().strip()) < SHORTEST_SECRET:
        return must("secret_key", f"太短，不安全。请换成 {SHORTEST_SECRET} 个字符以上的随机文字，所有人需要重新登录。")
    return fine("secret_key", "已设置")


def needed(reader: Reader) -> Iterator[Finding]:
    """Every key version that a row was sealed with is there, and it is the right one."""
    try:
        keyring = crypto.load_keyring(os.environ, environment.KEY_FILE)
    except KeyringUnusable:
        return  # told already
    yield _gone(reader, keyring) or _wrong(reader, keyring) or _whole(keyring)


def _gone(reader: Reader, keyring: Keyring) -> Finding | None:
    """Told when rows were sealed or indexed with a key that the file does not have."""
    sealed: set[int] = set()
    indexed: set[int] = set()
    for column in crypto.SEALED.values():
        sealed |= _versions(reader, column.table, column.column, SEALED_BY)
        for index in column.indexes:
            indexed |= _versions(reader, column.table, index.column, INDEXED_BY)
    told = [f"第 {version} 版密钥" for version in sorted(sealed - set(keyring.versions))]
    told += [f"第 {version} 版 index 密钥" for version in sorted(indexed - set(keyring.indexes))]
    if not told:
        return None
    return must("keys", f"数据库里有内容用的是{'、'.join(told)}，现在没有。请把原来的密钥放回 {environment.KEY_FILE}")


def _versions(reader: Reader, table: str, column: str, version: str) -> set[int]:
    asked = f"select distinct {version.format(column)} from {table} where {column} is not null"
    return {number for (number,) in reader.rows(asked)}


def _wrong(reader: Reader, keyring: Keyring) -> Finding | None:
    """Told when what was sealed last does not open, or is not found again: then these are other keys."""
    for column in crypto.SEALED.values():
        names = ", ".join([column.column, *(index.column for index in column.indexes)])
        asked = f"select {names} from {column.table} where {column.column} is not null order by id desc limit 2"
        for sealed, *found_by in reader.rows(asked):
            try:
                value = crypto.open_sealed_bytes(keyring, sealed, column.about)
            except SealBroken:
                return must("keys", f"密钥不是原来那一把，{column.label}打不开。请恢复原来的 {environment.KEY_FILE}")
            for index, kept in zip(column.indexes, found_by, strict=True):
                if kept is not None and kept not in crypto.blind_indexes(keyring, index.text(value), index.about):
                    return must(
                        "keys",
                        f"“index”密钥不是原来那一把，{column.label}查不到。请恢复原来的 {environment.KEY_FILE}",
                    )
    return None


def _whole(keyring: Keyring) -> Finding:
    if len(keyring.versions) > 1:
        return notice("keys", "换密钥还没有收尾，新旧密钥都在用。请看 docs/keys.md，把旧密钥撤下。")
    return fine("keys", "数据用到的都在，抽查能打开")
