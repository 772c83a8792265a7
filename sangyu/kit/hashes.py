"""Digests of 32 bytes by name: SHA-256 (FIPS 180-4), and SM3 (GM/T 0004-2012) where 国密 is asked for."""

import hashlib
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes

_SM3 = hashes.SM3()


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _sm3(content: bytes) -> bytes:
    # hashlib has SM3 only where the system's OpenSSL was built with it.
    return hashes.Hash.hash(_SM3, content)


HASHES: dict[str, Callable[[bytes], bytes]] = {"sha256": _sha256, "sm3": _sm3}


def digest(name: str, content: bytes) -> bytes:
    """32 bytes by one of `HASHES`. Raises KeyError for any other name."""
    return HASHES[name](content)
