"""Keeps a landed state for the upgrade test: `python -m scripts.keep_landed COMMIT [FOLDER]`.

Clones that commit, lives its demo (invented people) in a home of its own, and writes to tests/landed/<commit>/:
database.dump (pg_dump, custom format), personal-data.keys (the demo's, made for it) and figures.json (as that commit
counts them). Uses the packages of this environment: where that commit wants others, give it its own first.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sangyu.config import embedded_pg
from sangyu.config.environment import DEMO_DATABASE

REPOSITORY = Path(__file__).resolve().parents[1]
LANDED = REPOSITORY / "tests" / "landed"


def main(commit: str, out: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="sangyu-landed-") as temporary:
        code, home = Path(temporary) / "code", Path(temporary) / "home"
        subprocess.run(["git", "clone", "-q", str(REPOSITORY), str(code)], check=True)
        subprocess.run(["git", "-C", str(code), "checkout", "-q", commit], check=True)
        try:
            _sangyu(code, home, "demo", "--no-serve")
            figures = _sangyu(code, home, "--demo", "figures", "--json")
            _keep(home, out, figures)
        finally:
            embedded_pg.stop(home / "pg18")


def _sangyu(code: Path, home: Path, *words: str) -> str:
    """Standard output of a command of that commit."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SANGYU_", "DATABASE_"))}
    environment = {**kept, "SANGYU_HOME": str(home), "PYTHONPATH": str(code)}
    command = [sys.executable, "-m", "sangyu", *words]
    return subprocess.run(
        command, cwd=code, env=environment, check=True, stdout=subprocess.PIPE, text=True, timeout=900
    ).stdout


def _keep(home: Path, out: Path, figures: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    embedded_pg.start(home / "pg18")
    address = embedded_pg.url(home / "pg18", DEMO_DATABASE)
    dump = [embedded_pg.bindir() / "pg_dump", "--format=custom", "--compress=9", "--exclude-table-data=django_session"]
    subprocess.run([*map(str, dump), "--file", str(out / "database.dump"), address], check=True)
    keys = out / "personal-data.keys"
    keys.write_bytes((home / "keys" / "personal-data.keys").read_bytes())
    (out / "figures.json").write_text(figures)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else LANDED / sys.argv[1])
