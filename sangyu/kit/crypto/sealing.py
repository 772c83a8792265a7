"""Sealing and opening one value, and the index it is found by."""

import secrets

from cryptography.exceptions import InvalidTag

from sangyu.kit.crypto.algorithms import CIPHERS, KEYED_HASHES, TAG_BYTES
from sangyu.kit.crypto.keys import Keyring

NONCE_BYTES = 12
FORMAT = 1
HEADER_BYTES = 2
NONCE_END = HEADER_BYTES + NONCE_BYTES


class SealBroken(Exception):
    """这段加密内容打不开：已被改动、放错了字段，或密钥不对。"""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or self.__doc__)


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

    The version names the cipher. Random nonces are sound up to 2**32 seals per key (NIST SP 800-38D, 8.3), far above
    a province's rows.
    """
    key = keyring.versions[keyring.current]
    header = bytes((FORMAT, keyring.current))
    nonce = secrets.token_bytes(NONCE_BYTES)
    return header + nonce + CIPHERS[key.cipher].encrypt(key.secret, nonce, content, _bound(header, about))


def open_sealed_bytes(keyring: Keyring, sealed: bytes, about: str) -> bytes:
    """The content again, under whichever key version sealed it. Raises SealBroken."""
    sealed = bytes(sealed)  # the database driver may hand over a memoryview
    if len(sealed) < NONCE_END + TAG_BYTES:
        raise SealBroken("这段加密内容不完整。")
    header, nonce, rest = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:NONCE_END], sealed[NONCE_END:]
    if header[0] != FORMAT:
        raise SealBroken(f"不认识的加密格式 {header[0]}。")
    key = keyring.data_key(header[1])
    if key is None:
        raise SealBroken(f"缺少第 {header[1]} 版密钥，请把旧密钥放回密钥文件。")
    try:
        return CIPHERS[key.cipher].decrypt(key.secret, nonce, rest, _bound(header, about))
    except InvalidTag as error:
        raise SealBroken from error


def blind_index(keyring: Keyring, text: str, about: str) -> bytes:
    """What rows are written with: equal for equal texts of one field, and telling nothing without the key.

    32 bytes under index key 1; later keys put their version before (33 bytes), so that rows can be counted by key.
    Normalise the text first: "139 0000 0000" and "13900000000" differ here.
    """
    return _index(keyring, keyring.current_index, text, about)


def blind_indexes(keyring: Keyring, text: str, about: str) -> list[bytes]:
    """What rows are looked up by: one for each index key, newest first. While keys change, rows have either."""
    return [_index(keyring, version, text, about) for version in sorted(keyring.indexes, reverse=True)]


def _index(keyring: Keyring, version: int, text: str, about: str) -> bytes:
    key, field_name = keyring.indexes[version], about.encode()
    # The length goes first, so that no pair of field and text can be read as another pair.
    message = len(field_name).to_bytes(4, "big") + field_name + text.encode()
    keyed = KEYED_HASHES[key.hash](key.secret, message)
    return keyed if version == 1 else bytes((version,)) + keyed


def _bound(header: bytes, about: str) -> bytes:
    return header + about.encode()
