"""The keys that the rows need: every one is there, and they are the right ones."""

import os
from collections.abc import Iterator

from sangyu.config import environment
from sangyu.config.checkup.connection import Reader
from sangyu.config.checkup.finding import Finding, fine, must, notice
from sangyu.keys.queries import INDEXED_BY, SEALED_BY
from sangyu.kit import crypto
from sangyu.kit.crypto import Keyring, KeyringUnusable, SealBroken


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
