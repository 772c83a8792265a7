"""`sangyu demo`: lives the demo's story on a database of its own, then serves it."""

import time
from argparse import Namespace

import psycopg

from sangyu.commands import up
from sangyu.commands.session import apart, load, look_at_demo
from sangyu.config import database, environment
from sangyu.config.database import NotReady
from sangyu.config.environment import DEMO_DATABASE, OWNER
from sangyu.config.running import Running
from sangyu.demo.showing import DONE, Outcome, Stage

NOT_EMPTY = "演示要用一个空的数据库，不会动已有的内容。请新建一个空库，把 DATABASE_URL 指过去；或者不设 DATABASE_URL。"


def run(arguments: Namespace) -> int:
    stage = Stage()
    look_at_demo()
    kept = arguments.keep and _is_there()
    if not kept:
        _make_room()
    _prepare(stage)
    if not kept:
        _live(stage)
    if stage.failed or arguments.no_serve:
        database.rest_embedded()
        return 1 if stage.failed else 0
    port = up.free_port(arguments.host, arguments.port)
    return up.serve(Running(arguments.host, port, arguments.web, arguments.workers))


def _is_there() -> bool:
    return not environment.uses_embedded() or database.has_embedded(environment.database_name())


def _make_room() -> None:
    """An empty database: the demo's own is dropped, anybody else's is only used when nothing is in it."""
    if environment.uses_embedded():
        if database.has_embedded(DEMO_DATABASE):
            database.drop_embedded(DEMO_DATABASE)
        return
    with psycopg.connect(**environment.conninfo(OWNER)) as owner:
        if not database.is_empty(owner):
            raise NotReady(NOT_EMPTY)


def _prepare(stage: Stage) -> None:
    begun = time.monotonic()
    apart("prepare", "owner")
    stage.outcomes.append(Outcome("0 准备数据库", DONE, "数据库、角色、数据表都已就绪", time.monotonic() - begun))


def _live(stage: Stage) -> None:
    story, connections = load("sangyu.demo.story"), load("django.db").connections
    samples = story.tell(stage, environment.HOME / "demo", lambda: apart("seal", "worker"))
    connections.close_all()
    stage.close()
    if samples:
        password = load("sangyu.demo.founding").PASSWORD
        stage.table("可以试用的账号（仅限示例数据）", ("身份", "登录名", "密码"), [(*row, password) for row in samples])
