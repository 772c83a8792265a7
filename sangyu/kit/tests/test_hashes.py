"""Digests are what their standards print."""

import pytest

from sangyu.kit.hashes import HASHES, digest

# GM/T 0004-2012, appendix A, examples 1 and 2; FIPS 180-4 examples of one and two blocks.
VECTORS = [
    ("sm3", b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    ("sm3", b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ("sha256", b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        "sha256",
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ),
]


@pytest.mark.parametrize("name,content,expected", VECTORS)
def test_a_digest_is_as_published(name: str, content: bytes, expected: str) -> None:
    assert digest(name, content).hex() == expected


@pytest.mark.parametrize("name", HASHES)
def test_every_digest_has_32_bytes(name: str) -> None:
    assert len(digest(name, b"")) == len(digest(name, b"x" * 1000)) == 32


def test_an_unknown_hash_is_refused() -> None:
    with pytest.raises(KeyError):
        digest("md5", b"abc")
