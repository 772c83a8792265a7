"""Rows are written in actions and nowhere else: whoever looks for a write has one room to look in."""

import ast
import re
from pathlib import Path

from tests.house.sources import PACKAGE, calls, is_test, name, python_files, tree

WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "asave",
    "acreate",
    "aupdate",
    "adelete",
    "abulk_create",
    "abulk_update",
    "aget_or_create",
    "aupdate_or_create",
}
WRITING_SQL = re.compile(r"\b(insert\s+into|delete\s+from|truncate|update\s+\w+\s+set)\b", re.IGNORECASE)

# Calls that look like a write and are none, each with its reason.
NO_ROWS = {
    ("sangyu/kit/official_word.py", "document.save"): "a Word file",
    ("sangyu/journal/tests/test_insert_only.py", "model.objects.update"): "is refused, and that is what is tested",
    ("sangyu/commands/import_roster.py", "bar.update"): "a progress bar",
    ("sangyu/commands/rotate_keys.py", "bar.update"): "a progress bar",
    ("sangyu/kit/crypto/algorithms.py", "turning.update"): "a cipher",
}


def may_write(path: Path) -> bool:
    """Actions, migrations, benches (in a database of their own), and what makes people and things for tests."""
    parts = path.relative_to(PACKAGE).parts
    if parts[0] == "bench":
        return True
    if "tests" in parts:
        return path.name in ("factories.py", "cast.py")
    return "migrations" in parts or "actions" in parts or path.name == "actions.py"


def written_in(path: Path) -> list[str]:
    found = []
    for call in calls(path):
        if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES:
            said = ast.unparse(call.func)
            if (name(path), said) not in NO_ROWS:
                found.append(f"{name(path)}:{call.lineno} {said}(…)")
    for node in ast.walk(tree(path)) if not is_test(path) else ():  # tests tamper by SQL, and should
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.search(node.value):
            found.append(f"{name(path)}:{node.lineno} SQL: {node.value.strip()[:40]}")
    return found


def test_rows_are_written_in_actions_only() -> None:
    found = [line for path in python_files() if not may_write(path) for line in written_in(path)]
    assert not found, "\n".join(["A write outside actions:", *found])


def test_the_exceptions_are_still_there() -> None:
    said = {(name(path), ast.unparse(call.func)) for path in python_files() for call in calls(path)}
    assert set(NO_ROWS) <= said, "an exception that is no longer needed"
