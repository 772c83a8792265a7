"""What the machine tells us: where files live, which database, which keys. Nothing else reads the environment."""

import os
import secrets
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from sangyu.config import embedded_pg

REPOSITORY = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("SANGYU_HOME", REPOSITORY / "var")).resolve()
PG_DATA = HOME / "pg18"
KEY_FILE = Path(os.environ.get("SANGYU_KEY_FILE", HOME / "keys" / "personal-data.keys"))

# The three roles of the database: who migrates, who serves pages, who works in the background.
OWNER, APP, WORKER = "sangyu_owner", "sangyu_app", "sangyu_worker"
OWN_URL = {OWNER: "DATABASE_URL", APP: "DATABASE_APP_URL", WORKER: "DATABASE_WORKER_URL"}


def role() -> str:
    """The database role of this process; whoever says nothing serves pages."""
    return {"owner": OWNER, "app": APP, "worker": WORKER}[os.environ.get("SANGYU_DB_ROLE", "app")]


def uses_embedded() -> bool:
    """True when no own PostgreSQL is named."""
    return "DATABASE_URL" not in os.environ


def database_name() -> str:
    """Name of the database on the embedded server."""
    return os.environ.get("SANGYU_DB_NAME", "sangyu")


def conninfo(role: str, data: Path = PG_DATA) -> dict[str, Any]:
    """psycopg connection parameters for one of the three roles.

    With only DATABASE_URL given, its user is the owner and the two others are put on by `set role` at connection;
    with DATABASE_APP_URL and DATABASE_WORKER_URL each signs in as itself, which is safer.
    """
    if uses_embedded():
        return {**conninfo_to_dict(embedded_pg.url(data, database_name())), "user": role}
    given = os.environ.get(OWN_URL[role])
    if given:
        return dict(conninfo_to_dict(given))
    own = dict(conninfo_to_dict(os.environ["DATABASE_URL"]))
    if role != OWNER:
        own["options"] = f"-c role={role}"
    return own


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
    path = HOME / "keys" / "secret.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass  # somebody made it a moment ago: the file decides
    return path.read_text()
