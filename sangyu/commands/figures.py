"""`sangyu figures`: what the documents say, what the records give."""

import json
from argparse import Namespace

from rich.console import Console
from rich.table import Table

from sangyu.commands.operator import READER
from sangyu.commands.session import load


def run(arguments: Namespace) -> int:
    figures = load("sangyu.reports.figures")
    found = figures.figures_of(READER, arguments.place)
    if arguments.json:
        rows = [
            {
                "id": f.expected.id,
                "expected": f.expected.value,
                "bound": f.expected.bound,
                "value": f.value,
                "ok": f.ok,
                "note": f.note,
            }
            for f in found
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    Console().print(table_of(found))
    return 0


def table_of(found: list) -> Table:  # type: ignore[type-arg]
    """The figures as people read them."""
    table = Table("编号", "内容", "文件中的数字", "系统算出", "结果")
    for figure in found:
        value = "" if figure.value is None else str(figure.value)
        table.add_row(figure.expected.id, figure.expected.label, figure.expected.words, value, figure.verdict)
    return table
