"""From an empty database to one the site can use. Run as the owner, by `sangyu up` and by the tests."""

import os
from collections.abc import Callable

import django
import psycopg
from django.core.management import call_command

from sangyu.config import database, environment
from sangyu.config.environment import OWNER
from sangyu.kit import crypto


def prepare(say: Callable[[str], None] = print) -> None:
    """Keys, embedded server, roles, tables. Idempotent. This process is the owner from now on.

    Raises NotReady or NotStarted with a sentence for the operator.
    """
    crypto.ensure_key_file(environment.KEY_FILE)
    (environment.HOME / "static").mkdir(parents=True, exist_ok=True)  # the web server warns of a missing one
    if environment.uses_embedded():
        say("启动内置数据库 …")
        database.start_embedded()
    say("准备数据表 …")
    migrate_named()


def migrate_named() -> None:
    """Roles and tables of the database that the environment names."""
    os.environ["SANGYU_DB_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sangyu.config.settings")
    with psycopg.connect(**environment.conninfo(OWNER), autocommit=True) as owner:
        database.check(owner)
        database.prepare_roles(owner)
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
