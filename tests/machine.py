"""A machine of its own for the tests of the command line: own directory, own server, commands as people type them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

from sangyu.config import embedded_pg

OFFICE, CLERK = "嘉峪关市委老干部局", "文小雁"


class Machine:
    """Where `sangyu` runs; `home` holds everything it makes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.data = home / "pg18"

    def environment(self, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SANGYU_", "DATABASE_"))}
        return {**kept, "SANGYU_HOME": str(self.home), "COLUMNS": "200", **more}

    def sangyu(self, *words: object, expect: int = 0, **more: str) -> str:
        """Both outputs of one command, which must end with `expect`."""
        command = [sys.executable, "-m", "sangyu", *map(str, words)]
        done = subprocess.run(command, env=self.environment(**more), capture_output=True, text=True, timeout=300)
        told = done.stdout + done.stderr
        assert done.returncode == expect, told
        assert "Traceback" not in told, told
        return told

    def figures(self, **more: str) -> dict[str, dict[str, Any]]:
        command = [sys.executable, "-m", "sangyu", "figures", "--place", "嘉峪关", "--json"]
        done = subprocess.run(command, env=self.environment(**more), capture_output=True, text=True, check=True)
        return {row["id"]: row for row in json.loads(done.stdout)}

    def connect(self, database: str = "sangyu", user: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(embedded_pg.url(self.data, database, user), autocommit=True)
