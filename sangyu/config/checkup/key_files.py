"""The key file and the secret key: there, kept from others, readable."""

import os
from collections.abc import Iterator
from pathlib import Path

from sangyu.config import environment
from sangyu.config.checkup.finding import Finding, fine, must, notice
from sangyu.kit import crypto
from sangyu.kit.crypto import KeyringUnusable

SHORTEST_SECRET = 32


def findings() -> Iterator[Finding]:
    yield from _key_file()
    yield _secret_key()


def _key_file() -> Iterator[Finding]:
    path = environment.KEY_FILE
    try:
        keyring = crypto.load_keyring(os.environ, path)
    except KeyringUnusable as unusable:
        yield must("key_file", f"{unusable}".replace("\n", " "))
        return
    if os.environ.get(crypto.ENVIRONMENT_NAME, "").strip():
        yield fine("key_file", f"密钥来自环境变量 {crypto.ENVIRONMENT_NAME}，当前第 {keyring.current} 版")
        return
    yield _private("key_file", path) or fine("key_file", f"{path}，当前第 {keyring.current} 版")


def _private(topic: str, path: Path) -> Finding | None:
    """Told when others on this machine can read the file."""
    rights = path.stat().st_mode & 0o777
    if rights & 0o077:
        return must(topic, f"{path} 别的用户也能读（权限 {rights:o}）。请运行 chmod 600 {path}")
    return None


def _secret_key() -> Finding:
    path = environment.SECRET_KEY_FILE
    given = os.environ.get("SANGYU_SECRET_KEY")
    if given is None and not path.exists():
        return notice("secret_key", f"还没有，第一次启动时会自动生成在 {path}；多台机器要用同一个。")
    if given is None and (open_to_others := _private("secret_key", path)):
        return open_to_others
    if len(given if given is not None else path.read_text().strip()) < SHORTEST_SECRET:
        return must("secret_key", f"太短，不安全。请换成 {SHORTEST_SECRET} 个字符以上的随机文字，所有人需要重新登录。")
    return fine("secret_key", "已设置")
