"""The ciphers and keyed hashes agree with what is published about them."""

import pytest
from cryptography.exceptions import InvalidTag

from sangyu.kit.crypto.algorithms import AES, CIPHERS, KEYED_HASHES, SHA256, SM3, SM4

# Cipher, key, nonce, bound to, content, sealed with its tag.
SEALED = {
    "McGrew and Viega, The Galois/Counter Mode of Operation, test case 14": (
        AES,
        "00" * 32,
        "00" * 12,
        "",
        "00" * 16,
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
    ),
    "McGrew and Viega, The Galois/Counter Mode of Operation, test case 16": (
        AES,
        "feffe9928665731c6d6a8f9467308308" * 2,
        "cafebabefacedbaddecaf888",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b",
    ),
    "RFC 8998, appendix A.1": (
        SM4,
        "0123456789abcdeffedcba9876543210",
        "00001234567800000000abcd",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec",
    ),
}
# Keyed hash, key, message, result.
KEYED = {
    "RFC 4231, test case 1": (
        SHA256,
        b"\x0b" * 20,
        b"Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ),
    "RFC 4231, test case 2": (
        SHA256,
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    "GM/T 0042-2015, appendix D.3, first": (
        SM3,
        bytes(range(1, 33)),
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2,
        "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a",
    ),
    "GM/T 0042-2015, appendix D.3, second": (
        SM3,
        bytes(range(1, 38)),
        b"\xcd" * 50,
        "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae",
    ),
}


@pytest.mark.parametrize("source", SEALED)
def test_a_cipher_seals_and_opens_as_published(source: str) -> None:
    cipher, *given = SEALED[source]
    key, nonce, bound, content, sealed = map(bytes.fromhex, given)
    assert CIPHERS[cipher].key_bytes == len(key)
    assert CIPHERS[cipher].encrypt(key, nonce, content, bound) == sealed
    assert CIPHERS[cipher].decrypt(key, nonce, sealed, bound) == content


@pytest.mark.parametrize("source", SEALED)
def test_a_cipher_opens_nothing_that_was_changed(source: str) -> None:
    cipher, *given = SEALED[source]
    key, nonce, bound, _, sealed = map(bytes.fromhex, given)
    for changed in (bytes((sealed[0] ^ 1,)) + sealed[1:], sealed[:-1] + bytes((sealed[-1] ^ 128,))):
        with pytest.raises(InvalidTag):
            CIPHERS[cipher].decrypt(key, nonce, changed, bound)
    with pytest.raises(InvalidTag):
        CIPHERS[cipher].decrypt(key, nonce, sealed, bound + b"x")


@pytest.mark.parametrize("source", KEYED)
def test_a_keyed_hash_is_as_published(source: str) -> None:
    name, key, message, expected = KEYED[source]
    assert KEYED_HASHES[name](key, message).hex() == expected
