"""Makes a database ready: the three roles, their rights, the tables. Run by the owner only (`sangyu up`, the tests)."""

from typing import Any

import psycopg
from psycopg import Connection, sql

from sangyu.config import embedded_pg, environment
from sangyu.config.environment import APP, OWNER, WORKER

OLDEST = 15  # of PostgreSQL: before it, nothing here was ever tried


class NotReady(Exception):
    """数据库还不能用。"""


CREATE_ROLES_YOURSELF = f"""连接数据库的用户没有创建角色的权限。请让数据库管理员执行：
create role {APP} nologin; create role {WORKER} nologin;
grant {APP}, {WORKER} to 当前用户; grant {APP} to {WORKER};"""


def start_embedded() -> None:
    """Start the embedded server with its owner role and its database. Idempotent."""
    with psycopg.connect(embedded_pg.start(environment.PG_DATA), autocommit=True) as root:
        make_owner(root)
        make_database(root, environment.database_name())


def has_embedded(name: str) -> bool:
    """True when the embedded server was made before and holds that database; starts it, but makes nothing."""
    if not (environment.PG_DATA / embedded_pg.MARK).exists():
        return False
    with psycopg.connect(embedded_pg.start(environment.PG_DATA), autocommit=True) as root:
        return root.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is not None


def drop_embedded(name: str) -> None:
    """Remove one database of the embedded server, with whoever is in it, and its heads: the next one begins anew."""
    environment.heads_file(name).unlink(missing_ok=True)
    with psycopg.connect(embedded_pg.start(environment.PG_DATA), autocommit=True) as root:
        root.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def rest_embedded() -> None:
    """Stop the embedded server unless somebody else still uses it."""
    if not environment.uses_embedded() or not (environment.PG_DATA / embedded_pg.MARK).exists():
        return
    if embedded_pg.is_running(environment.PG_DATA) and not _others_connected():
        embedded_pg.stop(environment.PG_DATA)


def _others_connected() -> bool:
    with psycopg.connect(embedded_pg.url(environment.PG_DATA, "postgres")) as root:
        others = "backend_type = 'client backend' and pid <> pg_backend_pid()"
        return root.execute(f"select 1 from pg_stat_activity where {others} limit 1").fetchone() is not None


def is_empty(owner: Connection[Any]) -> bool:
    """True when nothing stands in the database yet."""
    things = "relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'S')"
    return owner.execute(f"select 1 from pg_class where {things} limit 1").fetchone() is None


def make_owner(root: Connection[Any]) -> None:
    """The owner is no superuser: the site's rights can then be tested as they will be."""
    _create_role(root, OWNER, "login createdb createrole")


def make_database(root: Connection[Any], name: str, template: str = "template0") -> None:
    """Create a database of the owner's unless it is there."""
    if not root.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
        root.execute(
            sql.SQL("create database {} owner {} template {}").format(
                sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
            )
        )


def prepare_roles(owner: Connection[Any]) -> None:
    """The application's and the worker's role, and their rights on every table still to come. Raises NotReady."""
    make_roles(owner)
    owner.execute(f"grant usage on schema public to {APP}")
    for kind, rights in (("tables", "select, insert, update, delete"), ("sequences", "usage, select")):
        owner.execute(f"alter default privileges in schema public grant {rights} on {kind} to {APP}")


def make_roles(owner: Connection[Any]) -> None:
    """The application's and the worker's role, without any right yet. Idempotent.

    Raises NotReady with the statements an administrator has to run when the owner may not create roles.
    """
    login = "login" if environment.uses_embedded() else "nologin"
    try:
        _create_role(owner, APP, login)
        _create_role(owner, WORKER, login)
        owner.execute(f"grant {APP}, {WORKER} to current_user")
        owner.execute(f"grant {APP} to {WORKER}")
    except psycopg.errors.InsufficientPrivilege as refused:
        if not _were_made_by_another(owner):
            raise NotReady(CREATE_ROLES_YOURSELF) from refused


def _were_made_by_another(owner: Connection[Any]) -> bool:
    """True when an administrator has made both roles, and this user may act as either."""
    made = f"select count(*) = 2 from pg_roles where rolname in ('{APP}', '{WORKER}')"
    if owner.execute(made).fetchone() != (True,):
        return False
    try:
        for role in (APP, WORKER):
            owner.execute(f"set role {role}")
            owner.execute("reset role")
    except psycopg.errors.InsufficientPrivilege:
        return False
    return owner.execute(f"select pg_has_role('{WORKER}', '{APP}', 'usage')").fetchone() == (True,)


def check(owner: Connection[Any]) -> None:
    """Refuse a server that is too old or that cannot see Chinese letters. Raises NotReady."""
    if owner.info.server_version // 10000 < OLDEST:
        raise NotReady(f"PostgreSQL 版本太旧，需要 {OLDEST} 或更新的版本。")
    check_letters(owner)


def check_letters(owner: Connection[Any]) -> None:
    """Refuse a database that cannot see Chinese letters. Raises NotReady."""
    blind = NotReady(
        "这个数据库不能正确处理中文（编码应为 UTF8，lc_ctype 应为 C.UTF-8 或 zh_CN.UTF-8）。"
        "请用这样的设置新建一个数据库。"
    )
    if owner.info.parameter_status("server_encoding") != "UTF8":
        raise blind
    found = "array['老干'] <@ regexp_split_to_array('老干,部', ',')"
    seen = owner.execute(f"select '榆' ~ '[[:alpha:]]', length('桑榆'), {found}")
    if seen.fetchone() != (True, 2, True):
        raise blind


def _create_role(connection: Connection[Any], name: str, rights: str) -> None:
    if not connection.execute("select 1 from pg_roles where rolname = %s", (name,)).fetchone():
        connection.execute(sql.SQL("create role {} " + rights).format(sql.Identifier(name)))
