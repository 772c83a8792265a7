"""What the machine tells us: where files live, which database, which keys. Nothing else reads the environment."""

import os
import secrets
from pathlib import Path
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from sangyu.config import embedded_pg

REPOSITORY = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("SANGYU_HOME", REPOSITORY / "var")).resolve()
PG_DATA = HOME / "pg18"
KEY_FILE = Path(os.environ.get("SANGYU_KEY_FILE", HOME / "keys" / "personal-data.keys"))

SECRET_KEY_FILE = HOME / "keys" / "secret.key"
SEAL_HASHES = ("sha256", "sm3")
OWN_DATABASE, DEMO_DATABASE = "sangyu", "sangyu_demo"  # on the embedded server

# The three roles of the database: who migrates, who serves pages, who works in the background.
OWNER, APP, WORKER = "sangyu_owner", "sangyu_app", "sangyu_worker"
OWN_URL = {OWNER: "DATABASE_URL", APP: "DATABASE_APP_URL", WORKER: "DATABASE_WORKER_URL"}


class NotNamed(Exception):
    """The address of the database is not given, or cannot be read; the sentence says which."""


def role() -> str:
    """The database role of this process; whoever says nothing serves pages."""
    return {"owner": OWNER, "app": APP, "worker": WORKER}[os.environ.get("SANGYU_DB_ROLE", "app")]


def uses_embedded() -> bool:
    """True when no own PostgreSQL is named."""
    return not any(name in os.environ for name in OWN_URL.values())


def named_roles() -> list[str]:
    """The roles that this machine can sign in as: a web machine needs no more than its own."""
    if uses_embedded() or OWN_URL[OWNER] in os.environ:
        return list(OWN_URL)
    return [role for role, name in OWN_URL.items() if name in os.environ]


def database_name() -> str:
    """Name of the database on the embedded server."""
    return os.environ.get("SANGYU_DB_NAME", OWN_DATABASE)


def heads_file(name: str) -> Path:
    """Where the seals' heads are kept outside a database: one file for each, the sample data's never with the own."""
    given = Path(os.environ.get("SANGYU_HEADS_FILE", HOME / "heads" / "journal.heads"))
    return given if name == OWN_DATABASE else given.with_name(f"{given.stem}.{name}{given.suffix}")


def seal_hash() -> str:
    """How seals are hashed from now on: sha256, or 国密 sm3. Raises NotNamed."""
    given = os.environ.get("SANGYU_SEAL_HASH", "sha256").lower()
    if given not in SEAL_HASHES:
        raise NotNamed(f"SANGYU_SEAL_HASH 写得不对：只能是 {' 或 '.join(SEAL_HASHES)}。")
    return given


def conninfo(role: str, data: Path = PG_DATA) -> dict[str, Any]:
    """psycopg connection parameters for one of the three roles.

    With only DATABASE_URL given, its user is the owner and the two others are put on by `set role` at connection;
    with DATABASE_APP_URL and DATABASE_WORKER_URL each signs in as itself, which is safer. Raises NotNamed.
    """
    if uses_embedded():
        return {**conninfo_to_dict(embedded_pg.url(data, database_name())), "user": role}
    if given := _given(OWN_URL[role]):
        return given
    own = _given(OWN_URL[OWNER])
    if own is None:
        raise NotNamed(f"没有数据库地址：请设 {OWN_URL[role]}（或只设 {OWN_URL[OWNER]}）。")
    return {**own, "options": f"-c role={role}"}


def _given(name: str) -> dict[str, Any] | None:
    """The address that a variable holds. The message never repeats it: there is a password inside."""
    text = os.environ.get(name)
    if not text:
        return None
    try:
        return dict(conninfo_to_dict(text))
    except ProgrammingError as unreadable:
        raise NotNamed(f"{name} 写得不对，要像 postgresql://用户:密码@主机:5432/库名。") from unreadable


def django_database(role: str) -> dict[str, Any]:
    """The same as Django's DATABASES entry."""
    given = conninfo(role)
    # Custom plans: a generic plan reads the journal from the wrong end, a thousand times slower (docs/decisions/0004).
    options = f"{given.pop('options', '')} -c plan_cache_mode=force_custom_plan".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.pop("dbname", "sangyu"),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": given.pop("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**given, "options": options},
    }


def secret_key() -> str:
    """The signing key: SANGYU_SECRET_KEY, or one made once and kept beside the data."""
    given = os.environ.get("SANGYU_SECRET_KEY")
    if given:
        return given
    path = SECRET_KEY_FILE
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass  # somebody made it a moment ago: the file decides
    return path.read_text()
