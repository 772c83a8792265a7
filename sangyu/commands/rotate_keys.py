"""`sangyu rotate-keys`: new keys for personal data while the site runs. May be stopped anywhere and started again."""

import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import ProgrammingError, connections
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from sangyu.commands.operator import KEY_KEEPER
from sangyu.commands.session import load
from sangyu.config import database, environment
from sangyu.config.environment import DEMO_DATABASE, OWN_DATABASE
from sangyu.kit import crypto
from sangyu.kit.crypto import ENVIRONMENT_NAME, Keyring
from sangyu.kit.crypto.key_file import changing, copies
from sangyu.kit.refusals import Conflict, Refusal

UNFINISHED, REFUSED = 1, 2
ALGORITHMS = {"aes": "AES-256", "sm4": "SM4", "sha256": "SHA-256", "sm3": "SM3"}
IN_ENVIRONMENT = f"""密钥写在环境变量 {ENVIRONMENT_NAME} 里，这条命令改不了它。请这样换：
1. 把环境变量里的内容原样存成密钥文件 {{path}}，权限设为只有运行网站的用户能读；
2. 从服务的设置里去掉这个环境变量，重新启动网站和后台任务；
3. 再运行 sangyu rotate-keys。"""


def run(arguments: Namespace) -> int:
    """0 when everything is as asked for; 1 when rows are left that a person must look at, or others did not end."""
    console = Console(soft_wrap=True)
    if os.environ.get(ENVIRONMENT_NAME, "").strip():
        print(IN_ENVIRONMENT.format(path=environment.KEY_FILE), file=sys.stderr)
        return REFUSED
    queries = load("sangyu.keys.queries")
    if arguments.count:
        _show(queries.holdings(KEY_KEEPER), crypto.keyring(), console)
        return 0
    with changing(Path(settings.KEY_FILE)):
        return _retire(queries, console) if arguments.retire else _rotate(arguments, console)


def _rotate(arguments: Namespace, console: Console) -> int:
    before = crypto.keyring()
    after = load("sangyu.keys.actions").add_new_keys(KEY_KEEPER, arguments.cipher or "", arguments.index)
    _say_keys(before, after, console)
    waiting = sum(load("sangyu.keys.queries").waiting(KEY_KEEPER, one, after) for one in crypto.SEALED.values())
    outcome = _with_progress(
        lambda told: load("sangyu.keys.rotation").reseal_everything(KEY_KEEPER, told), total=waiting or None
    )
    console.print(f"重新加密了 {sum(outcome.done.values())} 项。")
    for fault in outcome.faults:
        console.print(fault)
    if not outcome.whole:
        console.print("还有人正在修改的内容没有换完，或有很早开始的操作一直没有结束。请过一会儿再运行一次，会接着做。")
    if outcome.faults or not outcome.whole:
        return UNFINISHED
    if len(after.versions) > 1 or len(after.indexes) > 1:
        console.print("全部内容都已换用新密钥。旧密钥现在可以撤下：sangyu rotate-keys --retire")
        console.print("撤下以前，请先把密钥文件另存一份：以前的备份要用旧密钥才能打开。")
    return 0


def _retire(queries: ModuleType, console: Console) -> int:
    """Looks at every database that uses this key file, and twice at this one: what was begun before may still write."""
    keyring = crypto.keyring()
    _check_needed(queries, keyring, console)
    rotation = load("sangyu.keys.rotation")
    begun_before, until = queries.running_transactions(KEY_KEEPER), time.monotonic() + rotation.PATIENCE
    if not _with_progress(lambda told: rotation.settle(KEY_KEEPER, told, begun_before, until)):
        raise Conflict("有很早开始的操作一直没有结束，它可能还要用旧密钥。请过一会儿再运行一次。")
    time.sleep(rotation.GRACE)
    after = load("sangyu.keys.actions").retire_old_keys(KEY_KEEPER)
    if after == keyring:
        console.print("没有旧密钥，什么都没有改变。")
        return 0
    console.print(f"旧密钥已撤下，现在只用{_named(after)}。")
    console.print(f"撤下的密钥还在 {copies(Path(settings.KEY_FILE).resolve())[-1]}：以前的备份要用它才能打开。")
    console.print("请把它移到离线的地方保存，不要留在这台机器上；以前的备份都不要了，再销毁它。")
    return 0


def _check_needed(queries: ModuleType, keyring: Keyring, console: Console) -> None:
    """Raises Conflict when something still needs an older key."""
    for name in ("default", *_other_databases()):
        try:
            found = queries.holdings(KEY_KEEPER, name)
        except ProgrammingError as error:
            raise Refusal(f"数据库“{name}”还是旧版本，看不出它用哪些密钥。请先升级它，不要了就删除它。") from error
        if queries.held_by_older(found, keyring):
            _show(found, keyring, console)
            raise Conflict(
                "还有内容要用旧密钥才能打开，旧密钥不能撤下。请先运行 sangyu rotate-keys 换完。"
                if name == "default"
                else f"另一个数据库“{name}”用的是同一个密钥文件，它还要用旧密钥。请先对它也运行 sangyu rotate-keys。"
            )


def _other_databases() -> list[str]:
    """Own and sample data on the embedded server share the key file; each becomes a connection of that name."""
    if not environment.uses_embedded():
        return []
    here = connections["default"].settings_dict
    others = [n for n in (OWN_DATABASE, DEMO_DATABASE) if n != here["NAME"] and database.has_embedded(n)]
    for name in others:
        connections.settings[name] = {**connections.settings["default"], "NAME": name}
    return others


def _with_progress(work: Callable[[Callable[[str, int], None]], Any], total: int | None = None) -> Any:
    """Do the work with a bar that says what goes on; it goes to the error output."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("准备", total=total)
        return work(lambda description, done: bar.update(task, description=description, advance=done))


def _say_keys(before: Keyring, after: Keyring, console: Console) -> None:
    if before == after:
        console.print(f"接着上一次：换成{_named(after)}。")
        return
    console.print(f"已加入新密钥，从现在起用{_named(after)}；旧密钥都还在。")
    console.print(f"原来的密钥文件另存为 {copies(Path(settings.KEY_FILE).resolve())[-1]}。")


def _named(keyring: Keyring) -> str:
    cipher = ALGORITHMS[keyring.versions[keyring.current].cipher]
    index = ALGORITHMS[keyring.indexes[keyring.current_index].hash]
    return f"第 {keyring.current} 版数据密钥（{cipher}）、第 {keyring.current_index} 版查找密钥（{index}）"


def _show(found: list[Any], keyring: Keyring, console: Console) -> None:
    table = Table("内容", "用途", "密钥", "算法", "项数")
    for held in found:
        key = (keyring.indexes if held.is_index else keyring.versions).get(held.version)
        algorithm = ALGORITHMS[getattr(key, "hash", "") or getattr(key, "cipher", "")] if key else "密钥文件里没有"
        use = "查找" if held.is_index else "加密"
        table.add_row(held.label, use, f"第 {held.version} 版", algorithm, f"{held.rows:,}")
    console.print(table)
