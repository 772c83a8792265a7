"""Personal data at rest: sealed with AES-256-GCM, found again through a keyed index (PIPL art. 51, MLPS 2.0)."""

import base64
import binascii
import hmac
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

ENVIRONMENT_NAME = "SANGYU_KEYS"
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
FORMAT = 1
HEADER_BYTES = 2
NONCE_END = HEADER_BYTES + NONCE_BYTES
HIGHEST_VERSION = 255

KEY_FILE_HEAD = """\
# 桑榆的数据密钥。丢失后，已加密的身份证号、电话等将永远无法读出：请离线另存一份，不要放进代码库。
# 更换密钥：加一行版本号更大的密钥，旧行保留，旧数据才能继续打开；index 一行不要改，否则按号码查不到人。
"""
HOW_TO_MAKE = (
    '可运行：(umask 077; python -c "from sangyu.kit.crypto import Keyring; print(Keyring.generate())" > {path})，'
    f"或把同样的内容放入环境变量 {ENVIRONMENT_NAME}。若以前有密钥，请恢复原来的，新密钥打不开旧数据。"
)


class KeyringUnusable(Exception):
    """The keys are missing or wrongly written; the sentence tells the operator which line and what to do."""


class SealBroken(Exception):
    """这段加密内容打不开：已被改动、放错了字段，或密钥不对。"""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or self.__doc__)


@dataclass(frozen=True)
class Keyring:
    """Keys of 32 bytes by version (1 to 255), the version that seals, and the key of the blind index."""

    versions: dict[int, bytes] = field(repr=False)
    current: int
    index_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.current not in self.versions:
            raise KeyringUnusable(f"当前密钥版本 {self.current} 不在密钥之中。")
        if not all(1 <= version <= HIGHEST_VERSION for version in self.versions):
            raise KeyringUnusable(f"密钥版本号应在 1 到 {HIGHEST_VERSION} 之间。")
        if any(len(key) != KEY_BYTES for key in (*self.versions.values(), self.index_key)):
            raise KeyringUnusable(f"每个密钥应为 {KEY_BYTES} 个字节。")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1:<base64>`, `2:<base64>`, `index:<base64>`; the highest version seals. Raises KeyringUnusable."""
        keys = _named_keys(text)
        index_key = keys.pop("index", None)
        if index_key is None:
            raise KeyringUnusable("密钥中缺少“index:”一行，无法按号码查人。")
        versions = {int(name): key for name, key in keys.items()}
        if not versions:
            raise KeyringUnusable("密钥中没有一行数据密钥，至少要有“1:”一行。")
        return cls(versions, max(versions), index_key)

    @staticmethod
    def generate() -> str:
        """The text of a new key file, from the operating system's random source."""
        return f"{KEY_FILE_HEAD}1:{_fresh_key()}\nindex:{_fresh_key()}\n"


def seal(keyring: Keyring, text: str, about: str) -> bytes:
    """Encrypt a text for one field, named by `about` ("person.id_number"); it opens under that name only."""
    return seal_bytes(keyring, text.encode(), about)


def open_sealed(keyring: Keyring, sealed: bytes, about: str) -> str:
    """The text again. Raises SealBroken."""
    try:
        return open_sealed_bytes(keyring, sealed, about).decode()
    except UnicodeDecodeError as error:
        raise SealBroken("这段加密内容不是文字。") from error


def seal_bytes(keyring: Keyring, content: bytes, about: str) -> bytes:
    """Format 1: format byte, key version byte, 12 bytes nonce, ciphertext with a tag of 16 bytes.

    Random nonces are sound up to 2**32 seals per key (NIST SP 800-38D, 8.3), far above a province's rows.
    """
    header = bytes((FORMAT, keyring.current))
    nonce = secrets.token_bytes(NONCE_BYTES)
    return header + nonce + AESGCM(keyring.versions[keyring.current]).encrypt(nonce, content, _bound(header, about))


def open_sealed_bytes(keyring: Keyring, sealed: bytes, about: str) -> bytes:
    """The content again, under whichever key version sealed it. Raises SealBroken."""
    sealed = bytes(sealed)  # the database driver may hand over a memoryview
    if len(sealed) < NONCE_END + TAG_BYTES:
        raise SealBroken("这段加密内容不完整。")
    header, nonce, rest = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:NONCE_END], sealed[NONCE_END:]
    if header[0] != FORMAT:
        raise SealBroken(f"不认识的加密格式 {header[0]}。")
    if header[1] not in keyring.versions:
        raise SealBroken(f"缺少第 {header[1]} 版密钥，请把旧密钥放回密钥文件。")
    try:
        return AESGCM(keyring.versions[header[1]]).decrypt(nonce, rest, _bound(header, about))
    except InvalidTag as error:
        raise SealBroken from error


def blind_index(keyring: Keyring, text: str, about: str) -> bytes:
    """32 bytes (HMAC-SHA256) that are equal for equal texts of one field and tell nothing without the key.

    Normalise the text first: "139 0000 0000" and "13900000000" differ here.
    """
    field_name = about.encode()
    # The length goes first, so that no pair of field and text can be read as another pair.
    message = len(field_name).to_bytes(4, "big") + field_name + text.encode()
    return hmac.digest(keyring.index_key, message, sha256)


def keyring() -> Keyring:
    """The site's keys, read when first needed and read again when the file was changed. Raises KeyringUnusable."""
    path = Path(settings.KEY_FILE)
    changed = path.stat().st_mtime_ns if path.exists() else 0
    return _keyring_as_of(path, changed)


@lru_cache(maxsize=1)
def _keyring_as_of(path: Path, changed: int) -> Keyring:
    return load_keyring(os.environ, path)


def load_keyring(environ: Mapping[str, str], path: Path) -> Keyring:
    """The keys from SANGYU_KEYS, else from the file. Raises KeyringUnusable."""
    text = environ.get(ENVIRONMENT_NAME, "")
    if text.strip():
        return _parse_from(f"环境变量 {ENVIRONMENT_NAME}", text)
    try:
        return _parse_from(f"密钥文件 {path}", path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise KeyringUnusable(f"没有找到密钥文件 {path}。" + HOW_TO_MAKE.format(path=path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise KeyringUnusable(f"密钥文件 {path} 读不出来：{error}。") from error


def ensure_key_file(path: Path) -> None:
    """Make the key file (0600) if there is none; an existing one is never touched."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # O_EXCL, 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(Keyring.generate())
            file.flush()
            os.fsync(file.fileno())
        # A link is refused if the name is taken, and shows the whole file at once: of two processes that start
        # together one wins, and the other never reads half a key.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)


def _bound(header: bytes, about: str) -> bytes:
    return header + about.encode()


def _fresh_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _parse_from(place: str, text: str) -> Keyring:
    try:
        return Keyring.parse(text)
    except KeyringUnusable as error:
        raise KeyringUnusable(f"{place}：{error}") from error


def _named_keys(text: str) -> dict[str, bytes]:
    """Keys by name ("1", "index"). A semicolon ends a line too: many files of environment variables hold one line."""
    keys: dict[str, bytes] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        for entry in filter(None, map(str.strip, line.partition("#")[0].split(";"))):
            name, key = _named_key(entry, number)
            if name in keys:
                raise KeyringUnusable(f"第 {number} 行：“{name}:”重复出现。")
            keys[name] = key
    return keys


def _named_key(entry: str, number: int) -> tuple[str, bytes]:
    """One entry. No message repeats the entry itself: messages end in logs."""
    name, colon, encoded = (part.strip() for part in entry.partition(":"))
    if not colon:
        raise KeyringUnusable(f"第 {number} 行：应写成“版本号:密钥”或“index:密钥”。")
    if name != "index":
        name = str(_version(name, number))
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyringUnusable(f"第 {number} 行：密钥不是有效的 base64 文字。") from error
    if len(key) != KEY_BYTES:
        raise KeyringUnusable(f"第 {number} 行：密钥应为 {KEY_BYTES} 个字节，实际 {len(key)} 个。")
    return name, key


def _version(name: str, number: int) -> int:
    if name.isascii() and name.isdigit() and 1 <= int(name[:4]) <= HIGHEST_VERSION:
        return int(name[:4])
    raise KeyringUnusable(f"第 {number} 行：版本号应是 1 到 {HIGHEST_VERSION} 的整数。")
