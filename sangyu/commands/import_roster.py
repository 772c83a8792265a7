"""`sangyu import-roster`: bring in a roster, and say of every row that did not come in where it stands and why."""

import json
import sys
from argparse import Namespace
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from sangyu.commands.operator import IMPORTER
from sangyu.commands.session import load

WORDS = {"imported": "已导入", "ready": "可以导入", "known": "已在系统中，不变", "bad": "需要改正"}


def run(arguments: Namespace) -> int:
    """0 also when some rows have to be corrected; a file or an organization that won't do raises Refusal."""
    importing = load("sangyu.commands.importing")
    content = arguments.file.read_bytes()
    with _bar(arguments.json) as bar:
        task = bar.add_task("正在导入", total=None)
        result = importing.import_roster(
            IMPORTER,
            arguments.into.strip(),
            arguments.file.name,
            content,
            arguments.as_of,
            arguments.dry_run,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        _say(result, Console())
    return 0


def _bar(quiet: bool) -> Progress:
    """The bar goes to the error output, so that what is printed can be read by programs."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=Console(file=sys.stderr), transient=True, disable=quiet)


def _say(result: dict[str, Any], console: Console) -> None:
    if result["again"]:
        console.print("这份花名册已经导入过，什么都没有改变。")
    if result["dry_run"]:
        console.print("只做了检查，什么都没有写入。")
    console.print("；".join(f"{WORDS[state]}{count}" for state, count in result["counts"].items() if state in WORDS))
    if result["rows"]:
        table = Table("工作表", "行", "列", "原因")
        for row in result["rows"]:
            table.add_row(row["sheet"], str(row["row"]), row["column"], row["reason"])
        console.print(table)
