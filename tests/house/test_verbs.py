"""Everything the journal records has words for people."""

import ast
import re
from pathlib import Path

from django.urls import get_resolver

from sangyu.journal.declare import VERBS

SANGYU = Path(__file__).parents[2] / "sangyu"
VERB = re.compile(r"[a-z]+\.[a-z_]+")
NO_VERBS = {"journal.seal", "duties.adopt_rule_pack"}  # named deeds
BY_UPGRADE = {"members.counted"}  # written by a migration


def recorded() -> set[str]:
    """Verbs in the code of actions: the second argument of `journal.record` and of the steps that call it, the first
    of a `Deed`."""
    files = [p for p in SANGYU.rglob("*.py") if p.name == "actions.py" or p.parent.name == "actions"]
    calls = (node for path in files for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return {
        said.value
        for call in calls
        for said in call.args[0 if getattr(call.func, "id", "") == "Deed" else 1 :][:1]
        if isinstance(said, ast.Constant) and isinstance(said.value, str) and VERB.fullmatch(said.value)
    } - NO_VERBS


def test_every_verb_has_words() -> None:
    assert get_resolver().url_patterns  # every area is loaded
    assert recorded() | BY_UPGRADE == set(VERBS)
