"""Makes a database ready: the three roles, their rights, the tables. Run by the owner only (`sangyu up`, the tests)."""

from typing import Any

import psycopg
from psycopg import Connection, sql

from sangyu.config import embedded_pg, environment
from sangyu.config.environment import APP, OWNER, WORKER


class NotReady(Exception):
    """数据库还不能用。"""


CREATE_ROLES_YOURSELF = f"""连接数据库的用户没有创建角色的权限。请让数据库管理员执行：
create role {APP} nologin; create role {WORKER} nologin;
grant {APP}, {WORKER} to 当前用户; grant {APP} to {WORKER};"""


def start_embedded() -> None:
    """Start the embedded server with its owner role and its database. Idempotent."""
    with psycopg.connect(embedded_pg.start(environment.PG_DATA), autocommit=True) as root:
        make_owner(root)
        make_database(root, "sangyu")


def make_owner(root: Connection[Any]) -> None:
    """The owner is no superuser: the site's rights can then be tested as they will be."""
    _create_role(root, OWNER, "login createdb createrole")


def make_database(root: Connection[Any], name: str, template: str = "template0") -> None:
    """Create a database of the owner's unless it is there."""
    if not root.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
        root.execute(sql.SQL("create database {} owner {} template {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)))


def prepare_roles(owner: Connection[Any]) -> None:
    """The application's and the worker's role, and their rights on every table still to come.

    Raises NotReady with the statements an administrator has to run when the owner may not create roles.
    """
    login = "login" if environment.uses_embedded() else "nologin"
    try:
        _create_role(owner, APP, login)
        _create_role(owner, WORKER, login)
        owner.execute(f"grant {APP}, {WORKER} to current_user")
        owner.execute(f"grant {APP} to {WORKER}")
    except psycopg.errors.InsufficientPrivilege as refused:
        raise NotReady(CREATE_ROLES_YOURSELF) from refused
    owner.execute(f"grant usage on schema public to {APP}")
    for kind, rights in (("tables", "select, insert, update, delete"), ("sequences", "usage, select")):
        owner.execute(f"alter default privileges in schema public grant {rights} on {kind} to {APP}")


def check(owner: Connection[Any]) -> None:
    """Refuse a server that is too old or that cannot see Chinese letters. Raises NotReady."""
    if owner.info.server_version < 150000:
        raise NotReady("PostgreSQL 版本太旧，需要 15 或更新的版本。")
    blind = NotReady("这个数据库不能正确处理中文（编码应为 UTF8，lc_ctype 应为 C.UTF-8 或 zh_CN.UTF-8）。"
                     "请用这样的设置新建一个数据库。")
    if owner.info.parameter_status("server_encoding") != "UTF8":
        raise blind
    seen = owner.execute("select '榆' ~ '[[:alpha:]]', length('桑榆'), array['老干'] <@ regexp_split_to_array('老干,部', ',')")
    if seen.fetchone() != (True, 2, True):
        raise blind


def _create_role(connection: Connection[Any], name: str, rights: str) -> None:
    if not connection.execute("select 1 from pg_roles where rolname = %s", (name,)).fetchone():
        connection.execute(sql.SQL("create role {} " + rights).format(sql.Identifier(name)))
