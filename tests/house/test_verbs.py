"""Everything the journal records has words for people."""

import ast
import re
from pathlib import Path

from django.urls import get_resolver

from sangyu.journal.declare import VERBS

SANGYU = Path(__file__).parents[2] / "sangyu"
VERB = re.compile(r"[a-z]+\.[a-z_]+")
NO_VERBS = {"journal.seal", "duties.adopt_rule_pack"}  # named deeds


def recorded() -> set[str]:
    """Verbs in the code of actions: the second argument of `journal.record` and of the steps that call it."""
    files = [p for p in SANGYU.rglob("*.py") if p.name == "actions.py" or p.parent.name == "actions"]
    return {
        call.args[1].value
        for path in files
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and len(call.args) > 1
        and isinstance(call.args[1], ast.Constant)
        and isinstance(call.args[1].value, str)
        and VERB.fullmatch(call.args[1].value)
    } - NO_VERBS


def test_every_verb_has_words() -> None:
    assert get_resolver().url_patterns  # every area is loaded
    assert recorded() == set(VERBS)
