"""`sangyu bench`: how fast it is beside baselines of the same run, in a database of its own that is dropped again."""

import json
import os
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.db import connections
from rich.console import Console
from rich.table import Table

from sangyu.bench.measure import Measure, Size
from sangyu.commands.session import load
from sangyu.config import database
from sangyu.config.ready import prepare

BENCHES = ("imports", "fold", "journal", "pages")
DATABASE = "sangyu_bench"
SLOWER = 1


def run(arguments: Namespace) -> int:
    """Prints each figure with its baseline, ratio and gate; 1 when a gate does not hold."""
    os.environ["SANGYU_DB_NAME"] = DATABASE
    console = Console(stderr=True)
    measured: list[Measure] = []
    for name in arguments.names or BENCHES:
        console.print(f"正在测：{name} …")
        for measure in _in_own_database(name, Size(arguments.share)):
            console.print(_line(measure))
            measured.append(measure)
    if arguments.json:
        print(json.dumps([_told(measure) for measure in measured], ensure_ascii=False, indent=1))
    else:
        Console().print(_table(measured))
    return SLOWER if any(measure.ok is False for measure in measured) else 0


def _in_own_database(name: str, size: Size) -> Iterator[Measure]:
    """Each bench begins with an empty, migrated database, and leaves none behind."""
    database.start_embedded()
    database.drop_embedded(DATABASE)
    prepare(lambda said: None)
    try:
        yield from load(f"sangyu.bench.{name}").run(size)
    finally:
        connections.close_all()
        database.drop_embedded(DATABASE)


def _told(measure: Measure) -> dict[str, Any]:
    return {**asdict(measure), "ratio": measure.ratio, "ok": measure.ok}


def _line(measure: Measure) -> str:
    beside = f"  {measure.baseline_name} {measure.baseline:,.4g}，比值 {measure.ratio:.3g}" if measure.ratio else ""
    return f"  {measure.name}：{measure.value:,.4g} {measure.unit}{beside}"


def _table(measured: list[Measure]) -> Table:
    table = Table("项目", "测了什么", "结果", "对照", "比值", "要求", "目标", "")
    for one in measured:
        baseline = f"{one.baseline_name} {one.baseline:,.4g}" if one.baseline is not None else one.baseline_name
        ratio = f"{one.ratio:.3g}" if one.ratio else ""
        told = {None: "", True: "达到", False: "没有达到"}[one.ok]
        table.add_row(one.bench, one.name, f"{one.value:,.4g} {one.unit}", baseline, ratio, one.gate, one.aim, told)
    return table
