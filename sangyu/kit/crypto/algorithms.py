"""The ciphers and keyed hashes a key may be for: the international ones, and the national ones (国密 SM4, SM3)."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC

AES, SM4 = "aes", "sm4"
SHA256, SM3 = "sha256", "sm3"
TAG_BYTES = 16
INDEX_KEY_BYTES = 32

Turn = Callable[[bytes, bytes, bytes, bytes], bytes]


@dataclass(frozen=True, slots=True)
class SealingCipher:
    """An authenticated cipher: bytes of its key, and its two directions, each (key, nonce, content, bound to).

    What `encrypt` gives ends in a tag of 16 bytes; `decrypt` raises InvalidTag.
    """

    key_bytes: int
    encrypt: Turn
    decrypt: Turn


def _aes_encrypt(key: bytes, nonce: bytes, content: bytes, bound: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, content, bound)


def _aes_decrypt(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(nonce, sealed, bound)


def _sm4_encrypt(key: bytes, nonce: bytes, content: bytes, bound: bytes) -> bytes:
    """SM4 (GB/T 32907) in the same mode as AES: GCM (GB/T 36624, RFC 8998)."""
    turning = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    turning.authenticate_additional_data(bound)
    return turning.update(content) + turning.finalize() + turning.tag


def _sm4_decrypt(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    content, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    turning = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    turning.authenticate_additional_data(bound)
    return turning.update(content) + turning.finalize()


def _hmac_sha256(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, sha256)


def _hmac_sm3(key: bytes, message: bytes) -> bytes:
    """SM3 (GB/T 32905). Not by hashlib: some builds of Python have none."""
    turning = HMAC(key, hashes.SM3())
    turning.update(message)
    return turning.finalize()


CIPHERS = {
    AES: SealingCipher(32, _aes_encrypt, _aes_decrypt),
    SM4: SealingCipher(16, _sm4_encrypt, _sm4_decrypt),
}
KEYED_HASHES: dict[str, Callable[[bytes, bytes], bytes]] = {SHA256: _hmac_sha256, SM3: _hmac_sm3}  # 32 bytes each
