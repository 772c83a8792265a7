"""The key file: how it is written, made, and changed as a whole."""

import base64
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sangyu.kit import crypto
from sangyu.kit.crypto import SM3, SM4, DataKey, IndexKey, Keyring, KeyringUnusable
from sangyu.kit.crypto.key_file import add_keys, changing, copies, remove_old_keys

FIRST, SECOND, INDEX = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
NATIONAL = bytes(range(96, 112))
KEYS = Keyring({1: DataKey(FIRST)}, {1: IndexKey(INDEX)})
ROTATED = Keyring({1: DataKey(FIRST), 2: DataKey(SECOND)}, {1: IndexKey(INDEX)})


def line(name: str, key: bytes) -> str:
    return f"{name}:{base64.b64encode(key).decode()}"


def test_a_key_file_is_read_with_comments_blank_lines_and_spaces() -> None:
    text = f"# 说明\n\n  {line('1', FIRST)}  # 旧\r\n{line('2', SECOND)}\n{line('index', INDEX)}\n"
    assert Keyring.parse(text) == ROTATED


def test_a_single_line_with_semicolons_is_read() -> None:
    assert Keyring.parse(";".join([line("2", SECOND), line("1", FIRST), line("index", INDEX)])) == ROTATED


def test_a_line_may_name_its_cipher_or_hash() -> None:
    text = "\n".join([line("1:aes", FIRST), line("3:sm4", NATIONAL), line("index", INDEX), line("index2:sm3", SECOND)])
    keys = Keyring.parse(text)
    assert keys.versions == {1: DataKey(FIRST), 3: DataKey(NATIONAL, SM4)}
    assert keys.indexes == {1: IndexKey(INDEX), 2: IndexKey(SECOND, SM3)}
    assert (keys.current, keys.current_index) == (3, 2)


def test_a_key_is_written_as_it_is_read() -> None:
    lines = [line("1", FIRST), line("3:sm4", NATIONAL), line("index", INDEX), line("index2:sm3", SECOND)]
    keys = Keyring.parse("\n".join(lines))
    written = [key.line(version) for version, key in keys.versions.items()]
    assert written + [key.line(version) for version, key in keys.indexes.items()] == lines


def test_version_ten_is_above_version_nine() -> None:
    assert Keyring.parse("\n".join([line("10", FIRST), line("9", SECOND), line("index", INDEX)])).current == 10


def test_generated_keys_can_be_read_and_are_never_the_same() -> None:
    first, second = Keyring.parse(Keyring.generate()), Keyring.parse(Keyring.generate())
    assert first.current == 1
    assert len({k.secret for keys in (first, second) for k in (keys.versions[1], keys.indexes[1])}) == 4


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "缺少“index:”"),
        (line("1", FIRST), "缺少“index:”"),
        (line("index", INDEX), "没有一行数据密钥"),
        ("密钥", "第 1 行：应写成"),
        ("\n1:不是", "第 2 行：密钥不是有效的 base64"),
        (line("1", FIRST[:31]), "第 1 行：密钥应为 32 个字节，实际 31 个"),
        (line("0", FIRST), "1 到 255 的整数"),
        (line("256", FIRST), "1 到 255 的整数"),
        (line("一", FIRST), "1 到 255 的整数"),
        (line("1", FIRST) + "\n" + line("01", SECOND), "第 2 行：“1:”重复出现"),
        (line("index", FIRST) + "\n" + line("index1", SECOND), "第 2 行：“index1:”重复出现"),
        (line("1:sm4", FIRST), "第 1 行：密钥应为 16 个字节，实际 32 个"),
        (line("1:des", FIRST), "第 1 行：不认识的加密算法"),
        (line("index:md5", FIRST), "第 1 行：不认识的索引算法"),
        (line("index2:sm3", NATIONAL), "第 1 行：密钥应为 32 个字节，实际 16 个"),
        (line("1:aes:x", FIRST), "第 1 行：应写成"),
        (line("indexes", FIRST), "1 到 255 的整数"),
    ],
)
def test_a_wrongly_written_key_file_is_explained(text: str, sentence: str) -> None:
    with pytest.raises(KeyringUnusable, match=sentence):
        Keyring.parse(text)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Keyring({}, {1: IndexKey(INDEX)}),
        lambda: Keyring({1: DataKey(FIRST)}, {}),
        lambda: Keyring({1: DataKey(FIRST[:16])}, {1: IndexKey(INDEX)}),
        lambda: Keyring({1: DataKey(FIRST)}, {1: IndexKey(b"")}),
        lambda: Keyring({300: DataKey(FIRST)}, {1: IndexKey(INDEX)}),
    ],
)
def test_a_keyring_that_could_not_seal_cannot_be_made(make: Callable[[], Keyring]) -> None:
    with pytest.raises(KeyringUnusable):
        make()


def test_keys_do_not_show_in_logs() -> None:
    assert repr(KEYS) == "Keyring(versions={1: DataKey(cipher='aes')}, indexes={1: IndexKey(hash='sha256')})"
    secret = line("1", FIRST[:31])
    with pytest.raises(KeyringUnusable) as caught:
        Keyring.parse(secret)
    assert secret.partition(":")[2] not in str(caught.value)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(Keyring.generate())
    text = "\n".join([line("1", FIRST), line("index", INDEX)])
    assert crypto.load_keyring({"SANGYU_KEYS": text}, path) == KEYS


def test_the_file_serves_when_the_environment_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text("\n".join([line("1", FIRST), line("index", INDEX)]))
    assert crypto.load_keyring({"SANGYU_KEYS": " "}, path) == KEYS


def test_a_missing_file_tells_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(KeyringUnusable, match=r"没有找到密钥文件.*Keyring\.generate"):
        crypto.load_keyring({}, tmp_path / "keys")


def test_a_mistake_says_where_the_keys_came_from(tmp_path: Path) -> None:
    with pytest.raises(KeyringUnusable, match="环境变量 SANGYU_KEYS：第 1 行"):
        crypto.load_keyring({"SANGYU_KEYS": "x"}, tmp_path / "keys")
    (tmp_path / "keys").write_bytes(b"\xff\xff")
    with pytest.raises(KeyringUnusable, match="读不出来"):
        crypto.load_keyring({}, tmp_path / "keys")


def test_a_key_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "keys"
    crypto.ensure_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert crypto.load_keyring({}, path).current == 1
    assert os.listdir(path.parent) == ["keys"]


def test_an_existing_key_file_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text("旧")
    crypto.ensure_key_file(path)
    assert path.read_text() == "旧"


def test_many_who_start_together_get_the_same_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys"

    def start(_: int) -> bytes:
        crypto.ensure_key_file(path)
        return crypto.load_keyring({}, path).indexes[1].secret

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(start, range(64)))) == 1
    assert os.listdir(tmp_path) == ["keys"]


def test_the_one_who_comes_second_keeps_the_first_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "keys"
    path.write_text("旧")
    monkeypatch.setattr(Path, "exists", lambda self: False)  # the other made it just after the look
    crypto.ensure_key_file(path)
    assert path.read_text() == "旧"
    assert os.listdir(tmp_path) == ["keys"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A key file as an operator may have written it, with words of his own."""
    path = tmp_path / "keys"
    path.write_text(f"# 别动; 1:x\n{line('1', FIRST)} # 旧\n\n{line('2', SECOND)};{line('index', INDEX)}\n")
    path.chmod(0o600)
    return path


def test_adding_keys_keeps_every_line_and_a_copy(path: Path) -> None:
    before = path.read_text()
    keys = add_keys(path, SM4, SM3)
    assert path.read_text().startswith(before)
    assert keys == crypto.load_keyring({}, path)
    assert (keys.current, keys.versions[3].cipher) == (3, SM4)
    assert (keys.current_index, keys.indexes[2].hash) == (2, SM3)
    assert keys.versions[1] == DataKey(FIRST) and keys.indexes[1] == IndexKey(INDEX)
    (copy,) = copies(path)
    assert copy.read_text() == before
    assert {stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir()} == {0o600}


def test_only_the_key_that_is_asked_for_is_added(path: Path) -> None:
    assert add_keys(path, "aes", "").current_index == 1
    assert add_keys(path, "", "sha256").current == 3


def test_old_keys_are_taken_out_line_by_line_and_stay_in_the_copy(path: Path) -> None:
    add_keys(path, "", SM3)
    before = path.read_text()
    keys = remove_old_keys(path)
    assert (list(keys.versions), list(keys.indexes)) == ([2], [2])
    assert path.read_text() == f"# 别动; 1:x\n\n{line('2', SECOND)}\n{keys.indexes[2].line(2)}\n"
    assert [copy.read_text() for copy in copies(path)][-1] == before


def test_a_file_of_keys_that_is_no_longer_readable_is_not_replaced(path: Path) -> None:
    path.write_text("1:")
    for change in (lambda: add_keys(path, SM4, ""), lambda: remove_old_keys(path)):
        with pytest.raises(KeyringUnusable, match="密钥文件"):
            change()
    assert path.read_text() == "1:" and not copies(path)


def test_the_versions_end_at_255(path: Path) -> None:
    path.write_text("\n".join([line("255", FIRST), line("index", INDEX)]))
    with pytest.raises(KeyringUnusable, match="不能再换"):
        add_keys(path, SM4, "")


def test_two_cannot_change_keys_at_once(path: Path) -> None:
    with changing(path), pytest.raises(KeyringUnusable, match="另一个"), changing(path):
        pass
    with changing(path):
        pass


def test_a_linked_key_file_is_changed_where_it_lies(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link"
    link.parent.mkdir()
    link.symlink_to(path)
    add_keys(link, SM4, "")
    assert link.is_symlink() and crypto.load_keyring({}, path).current == 3
