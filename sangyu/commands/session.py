"""What a command runs in: which role of which database, and no server left behind that it started itself."""

import os
import subprocess
import sys
from argparse import Namespace
from importlib import import_module
from types import ModuleType

import django
from django.conf import settings
from django.db import connections

from sangyu.config import database, embedded_pg, environment
from sangyu.config.database import NotReady
from sangyu.config.environment import DEMO_DATABASE

NO_DATABASE = "还没有数据库。请先运行 sangyu up（自己的数据）或 make demo（示例数据）。"
# Commands that work on a database that is there, by the role they sign in with. The others make one ready first.
ROLES = {
    "figures": "app", "import-roster": "app", "ledger": "app", "verify": "app", "seal": "worker", "backup": "owner",
    "retally": "worker", "serve": "app", "work": "worker", "rotate-keys": "app",
}  # fmt: skip


def run(arguments: Namespace) -> int:
    """Do the command in its role; what it started it stops."""
    name: str = arguments.command
    if arguments.demo:
        look_at_demo()
    os.environ["SANGYU_DB_ROLE"] = ROLES.get(name) or os.environ.get("SANGYU_DB_ROLE", "app")
    ran_before = environment.uses_embedded() and _is_running()
    if name in ROLES:
        _find_database()
    try:
        return int(import_module(f"sangyu.commands.{name.replace('-', '_')}").run(arguments))
    finally:
        if name in ROLES and not ran_before:
            if settings.configured:
                connections.close_all()
            database.rest_embedded()


def look_at_demo() -> None:
    """From now on this process and its children work on the sample data."""
    os.environ["SANGYU_DB_NAME"], os.environ["SANGYU_DEMO"] = DEMO_DATABASE, "1"


def load(module: str) -> ModuleType:
    """A module that needs Django, with Django set up for this process's role."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sangyu.config.settings")
    django.setup()
    return import_module(module)


def apart(command: str, role: str) -> None:
    """Run a step in a process of its own, as another role: a process has one role for all its life.

    Raises SystemExit when it fails; it has said why.
    """
    step = [sys.executable, "-m", "sangyu", command]
    done = subprocess.run(step, env={**os.environ, "SANGYU_DB_ROLE": role})
    if done.returncode:
        raise SystemExit(done.returncode)


def _is_running() -> bool:
    return (environment.PG_DATA / embedded_pg.MARK).exists() and embedded_pg.is_running(environment.PG_DATA)


def _find_database() -> None:
    """The own database where there is one, else the demo's. Raises NotReady where there is neither."""
    if not environment.uses_embedded() or database.has_embedded(environment.database_name()):
        return
    if "SANGYU_DB_NAME" in os.environ or not database.has_embedded(DEMO_DATABASE):
        raise NotReady(NO_DATABASE)
    print("（还没有自己的数据，以下是示例数据）", file=sys.stderr)
    look_at_demo()
