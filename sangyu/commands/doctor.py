"""`sangyu doctor`: what is missing or misconfigured, in plain words, and what to do. Looks only."""

import json
import os
from argparse import Namespace
from collections import Counter

import psycopg

from sangyu.commands.session import load, look_at_demo
from sangyu.config import embedded_pg, environment
from sangyu.config.checkup import outside
from sangyu.config.checkup.finding import Finding, Grade
from sangyu.config.environment import APP, DEMO_DATABASE, OWN_DATABASE, OWNER, WORKER

UNWELL = 1
WORDS = {Grade.FINE: "ok", Grade.NOTICE: "notice", Grade.MUST: "must"}  # for programs


def run(arguments: Namespace) -> int:
    """One line for each finding; 1 when something must be done."""
    _look_at_what_is_there()
    found = list(outside.findings())
    if not any(one.topic == "address" for one in found):
        _set_up()
        found += load("sangyu.config.checkup.inside").findings()
    if arguments.json:
        print(json.dumps([_told(one) for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            print(f"{one.grade}　{one.about}：{one.said}")
        print(_sum(found))
    return UNWELL if any(one.grade == Grade.MUST for one in found) else 0


def _look_at_what_is_there() -> None:
    """The sample data where nothing else is there."""
    data = environment.PG_DATA
    if "SANGYU_DB_NAME" in os.environ or not environment.uses_embedded() or not (data / embedded_pg.MARK).exists():
        return
    if not embedded_pg.is_running(data):
        return
    with psycopg.connect(embedded_pg.url(data, "postgres")) as root:
        there = {name for (name,) in root.execute("select datname from pg_database")}
    if OWN_DATABASE not in there and DEMO_DATABASE in there:
        look_at_demo()


def _set_up() -> None:
    """For Django: a role that this machine has, and a key, as its settings would make one where there is none."""
    names = {OWNER: "owner", APP: "app", WORKER: "worker"}
    roles = environment.named_roles()
    os.environ["SANGYU_DB_ROLE"] = names[APP if APP in roles else roles[0]]
    if not environment.SECRET_KEY_FILE.exists():
        os.environ.setdefault("SANGYU_SECRET_KEY", "for this look only")


def _told(one: Finding) -> dict[str, str]:
    return {"topic": one.topic, "about": one.about, "grade": WORDS[one.grade], "said": one.said}


def _sum(found: list[Finding]) -> str:
    counted = Counter(one.grade for one in found)
    if not counted[Grade.MUST]:
        return f"检查完毕：没有要处理的，{counted[Grade.NOTICE]} 项请注意。"
    return f"检查完毕：{counted[Grade.MUST]} 项要处理，{counted[Grade.NOTICE]} 项请注意。"
