"""Personal data at rest: sealed with AES-256-GCM or SM4-GCM, found again by a keyed index (PIPL art. 51, MLPS 2.0).

The key file names each key's version and algorithm; what is sealed names the version. So a site may go over to other
keys, or to the national algorithms, while it runs (docs/keys.md).
"""

from sangyu.kit.crypto.algorithms import AES, SHA256, SM3, SM4
from sangyu.kit.crypto.declared import SEALED, BlindIndex, SealedColumn, sealed_column
from sangyu.kit.crypto.key_file import ENVIRONMENT_NAME, ensure_key_file, load_keyring
from sangyu.kit.crypto.keys import DataKey, IndexKey, Keyring, KeyringUnusable
from sangyu.kit.crypto.sealing import (
    SealBroken,
    blind_index,
    blind_indexes,
    open_sealed,
    open_sealed_bytes,
    seal,
    seal_bytes,
)
from sangyu.kit.crypto.site_keys import keyring

__all__ = [
    "AES",
    "ENVIRONMENT_NAME",
    "SEALED",
    "SHA256",
    "SM3",
    "SM4",
    "BlindIndex",
    "DataKey",
    "IndexKey",
    "Keyring",
    "KeyringUnusable",
    "SealBroken",
    "SealedColumn",
    "blind_index",
    "blind_indexes",
    "ensure_key_file",
    "keyring",
    "load_keyring",
    "open_sealed",
    "open_sealed_bytes",
    "seal",
    "seal_bytes",
    "sealed_column",
]
