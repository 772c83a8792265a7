"""Whose hands the database sees: the site only adds to the journal, owns nothing and is no superuser."""

from collections.abc import Iterator

from sangyu.config import environment
from sangyu.config.checkup.connection import Reader
from sangyu.config.checkup.finding import Finding, fine, must, notice
from sangyu.config.environment import APP, WORKER

# The tables to which the site may only add, and what the worker needs on them beside reading.
INSERT_ONLY = ("journal_entry", "journal_fact", "journal_batch", "journal_unsealed")
OF_THE_WORKER = (("journal_unsealed", "delete"), ("journal_batch", "insert"), ("journal_delta", "delete"))
SPOKEN = {APP: "网站", WORKER: "后台任务"}


def findings(app: Reader | None, worker: Reader | None) -> Iterator[Finding]:
    told = [*_of(APP, app), *_of(WORKER, worker), *_working(worker)]
    yield from told or [fine("roles", "网站、后台任务各用各的角色，权限合适")]
    if app and app.has("journal_entry"):
        yield _journal(app)


def _of(role: str, reader: Reader | None) -> Iterator[Finding]:
    """Neither by its role nor by how it signed in may it stand above the rules."""
    if reader is None:
        return
    name, login = reader.rows("select current_user::text, session_user::text")[0]
    mighty = "select rolsuper or rolbypassrls from pg_roles where rolname = %s"
    owns = (
        "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        " and pg_has_role(%s, relowner, 'usage')"
    )
    if reader.one(mighty, [name]) or reader.one(mighty, [login]):
        yield must("roles", f"{SPOKEN[role]}用的登录 {login} 是数据库的超级用户，什么都能改。{_own_login(role)}")
    elif reader.one(owns, [name]):
        yield must("roles", f"{SPOKEN[role]}用的角色 {name} 是数据表的主人，能改动记录。{_own_login(role)}")
    elif login != name and reader.one(owns, [login]):
        yield notice("roles", f"{SPOKEN[role]}借用建表的用户 {login} 登录。{_own_login(role)}，更稳妥。")


def _own_login(role: str) -> str:
    return f"请给它单独的登录（{environment.OWN_URL[role]}），见 docs/running.md"


def _journal(app: Reader) -> Finding:
    """The site adds to the journal and changes nothing in it."""
    if loose := [table for table in INSERT_ONLY if app.has(table) and _may_change(app, table)]:
        return must("journal", f"网站能改动或删除已有的记录（{'、'.join(loose)}）。请让数据库管理员收回这些权限。")
    if not _may_any(app, "journal_entry", "insert") or not _may(app, "members_person", "select"):
        return must("journal", f"网站没有读写数据的权限。请让数据库管理员把 {APP} 的权限恢复原样，见 docs/running.md。")
    return fine("journal", "网站只能添加记录，不能改动或删除")


def _working(worker: Reader | None) -> Iterator[Finding]:
    """The worker seals and adds up."""
    if worker and worker.has("journal_entry"):
        lacking = [table for table, right in OF_THE_WORKER if worker.has(table) and not _may(worker, table, right)]
        if lacking:
            yield must(
                "roles", f"后台任务缺少权限（{'、'.join(lacking)}），封存和汇总不会进行。请检查它的登录属于 {WORKER}。"
            )


def _may_change(reader: Reader, table: str) -> bool:
    """Anything that an owner may do but reading and adding, on the table or on any of its columns."""
    more = (
        "select bool_or(has_table_privilege(%s, privilege_type)) from aclexplode(acldefault('r', 10::oid))"
        " where privilege_type not in ('SELECT', 'INSERT')"
    )
    return bool(reader.one(more, [f"public.{table}"])) or _may_any(reader, table, "update")


def _may(reader: Reader, table: str, right: str) -> bool:
    return bool(reader.one("select has_table_privilege(%s, %s)", [f"public.{table}", right]))


def _may_any(reader: Reader, table: str, right: str) -> bool:
    """On the table or on any of its columns."""
    return bool(reader.one("select has_any_column_privilege(%s, %s)", [f"public.{table}", right]))
