"""The keys as they stand in the key file: each with its version and what it is for."""

import base64
import binascii
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from sangyu.kit.crypto.algorithms import AES, CIPHERS, INDEX_KEY_BYTES, KEYED_HASHES, SHA256

HIGHEST_VERSION = 255
INDEX = "index"

KEY_FILE_HEAD = """\
# 桑榆的数据密钥。丢失后，已加密的身份证号、电话等将永远无法读出：请离线另存一份，不要放进代码库。
# 更换密钥请用命令 sangyu rotate-keys，不要手工删改：少了一行，用它加密的内容就打不开，也按号码查不到人。
"""


class KeyringUnusable(Exception):
    """The keys are missing or wrongly written; the sentence tells the operator which line and what to do."""


@dataclass(frozen=True)
class DataKey:
    """A key that seals, and the cipher it is for."""

    secret: bytes = field(repr=False)
    cipher: str = AES

    def __post_init__(self) -> None:
        if self.cipher not in CIPHERS:
            raise KeyringUnusable(f"不认识的加密算法，应是 {'、'.join(CIPHERS)} 之一。")
        if len(self.secret) != (wanted := CIPHERS[self.cipher].key_bytes):
            raise KeyringUnusable(f"密钥应为 {wanted} 个字节，实际 {len(self.secret)} 个。")

    def line(self, version: int) -> str:
        """As it stands in the key file."""
        return _line(str(version), "" if self.cipher == AES else self.cipher, self.secret)


@dataclass(frozen=True)
class IndexKey:
    """A key that numbers are found by, and the hash it is for."""

    secret: bytes = field(repr=False)
    hash: str = SHA256

    def __post_init__(self) -> None:
        if self.hash not in KEYED_HASHES:
            raise KeyringUnusable(f"不认识的索引算法，应是 {'、'.join(KEYED_HASHES)} 之一。")
        if len(self.secret) != INDEX_KEY_BYTES:
            raise KeyringUnusable(f"密钥应为 {INDEX_KEY_BYTES} 个字节，实际 {len(self.secret)} 个。")

    def line(self, version: int) -> str:
        """As it stands in the key file; the first has no number, as before there were others."""
        name = INDEX if version == 1 else f"{INDEX}{version}"
        return _line(name, "" if self.hash == SHA256 else self.hash, self.secret)


@dataclass(frozen=True)
class Keyring:
    """All keys by version, 1 to 255. The highest seals, or writes the index; the others read what they wrote.

    `again` reads the keys anew, for a version that is not among these: it may just have been added.
    """

    versions: dict[int, DataKey]
    indexes: dict[int, IndexKey]
    again: "Callable[[], Keyring] | None" = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.indexes:
            raise KeyringUnusable("密钥中缺少“index:”一行，无法按号码查人。")
        if not self.versions:
            raise KeyringUnusable("密钥中没有一行数据密钥，至少要有“1:”一行。")
        if not all(1 <= version <= HIGHEST_VERSION for version in (*self.versions, *self.indexes)):
            raise KeyringUnusable(f"密钥版本号应在 1 到 {HIGHEST_VERSION} 之间。")

    @property
    def current(self) -> int:
        """The version that seals."""
        return max(self.versions)

    @property
    def current_index(self) -> int:
        """The version of the index key that new rows are found by."""
        return max(self.indexes)

    def data_key(self, version: int) -> DataKey | None:
        """The key of a version; one that is not known is looked for once more where the keys came from."""
        if version not in self.versions and self.again is not None:
            return self.again().versions.get(version)
        return self.versions.get(version)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1:<base64>`, `2:sm4:<base64>`, `index:<base64>`, `index2:sm3:<base64>`. Raises KeyringUnusable."""
        versions: dict[int, DataKey] = {}
        indexes: dict[int, IndexKey] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            # A semicolon ends a line too: many files of environment variables hold one line.
            for entry in filter(None, map(str.strip, line.partition("#")[0].split(";"))):
                try:
                    _take(entry, versions, indexes)
                except KeyringUnusable as error:
                    raise KeyringUnusable(f"第 {number} 行：{error}") from error
        return cls(versions, indexes)

    @staticmethod
    def generate() -> str:
        """The text of a new key file, from the operating system's random source."""
        return f"{KEY_FILE_HEAD}{fresh_data_key(AES).line(1)}\n{fresh_index_key(SHA256).line(1)}\n"


def fresh_data_key(cipher: str) -> DataKey:
    return DataKey(secrets.token_bytes(CIPHERS[cipher].key_bytes), cipher)


def fresh_index_key(name: str) -> IndexKey:
    return IndexKey(secrets.token_bytes(INDEX_KEY_BYTES), name)


def entry_version(entry: str) -> tuple[bool, int]:
    """Whether an entry is an index key, and its version. Raises KeyringUnusable."""
    name = entry.partition(":")[0].strip()
    is_index = name.startswith(INDEX)
    return is_index, _version(name.removeprefix(INDEX) or "1" if is_index else name)


def _take(entry: str, versions: dict[int, DataKey], indexes: dict[int, IndexKey]) -> None:
    """One entry. No message repeats the entry itself: messages end in logs."""
    if not 1 <= entry.count(":") <= 2:
        raise KeyringUnusable("应写成“版本号:密钥”或“index:密钥”，算法写在中间，如“3:sm4:密钥”。")
    _, *algorithm, encoded = (part.strip() for part in entry.split(":"))
    is_index, version = entry_version(entry)
    if version in (indexes if is_index else versions):
        raise KeyringUnusable(f"“{INDEX * is_index}{version}:”重复出现。")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyringUnusable("密钥不是有效的 base64 文字。") from error
    if is_index:
        indexes[version] = IndexKey(secret, *algorithm)
    else:
        versions[version] = DataKey(secret, *algorithm)


def _version(text: str) -> int:
    if re.fullmatch("[0-9]{1,4}", text) and 1 <= int(text) <= HIGHEST_VERSION:
        return int(text)
    raise KeyringUnusable(f"版本号应是 1 到 {HIGHEST_VERSION} 的整数。")


def _line(name: str, algorithm: str, secret: bytes) -> str:
    return ":".join(filter(None, (name, algorithm, base64.b64encode(secret).decode())))
