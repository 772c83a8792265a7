"""Small rules of the house that no tool holds: no signals, no utils, named migrations, no English on screen."""

import ast
import html
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.house.sources import PACKAGE, calls, is_test, name, python_files, templates, tree

NOWHERE = {"utils", "util", "helpers", "misc", "common", "managers"}
SIGNALS = {"django.dispatch", "django.db.models.signals", "django.core.signals"}
LATIN = re.compile(r"[A-Za-z]{2,}")
WORDS = {"Word", "PDF", "Excel", "WPS"}  # words that people here use themselves
SPEAKING = {"Refusal", "Conflict", "Gone", "NotAllowed", "WrongCard", "WrongPin", "require"}
SPOKEN_KEYWORDS = {"label", "help_text", "verbose_name", "empty_label"}
SHOWN_ATTRIBUTES = re.compile(r"""\b(?:aria-label|alt|title|placeholder|data-label)=(?:"([^"]*)"|'([^']*)')""")
HIDDEN = re.compile(
    r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%\s*block body_class\s*%}.*?{%\s*endblock|<!--.*?-->"
    r"|<(script|style)\b.*?</\1>",
    re.DOTALL,
)
TAGS = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
MARKUP = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""", re.DOTALL)


def test_nothing_happens_by_signal() -> None:
    for path in python_files():
        for node in ast.walk(tree(path)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not SIGNALS & set(names), f"{name(path)} imports signals"


def test_no_room_is_called_utils() -> None:
    assert not [name(p) for p in PACKAGE.rglob("*") if p.stem in NOWHERE and "__pycache__" not in p.parts]


def test_every_migration_says_what_it_does() -> None:
    for path in PACKAGE.glob("*/migrations/0*.py"):
        words = path.stem.partition("_")[2]
        assert words and "auto_" not in words, f"{name(path)} has no name"
        assert words != "initial" or path.stem == "0001_initial", f"{name(path)} has no name"


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def foreign_words(text: str) -> list[str]:
    return [word for word in LATIN.findall(text) if word not in WORDS]


def shown_by(path: Path) -> str:
    """What a template puts before people's eyes and ears by itself."""
    text = TAGS.sub("", HIDDEN.sub("", path.read_text()))
    attributes = [a or b for a, b in SHOWN_ATTRIBUTES.findall(text)]
    return " ".join([html.unescape(MARKUP.sub(" ", text)), *attributes])


def test_templates_speak_chinese() -> None:
    found = {name(path): words for path in templates() if (words := foreign_words(shown_by(path)))}
    assert not found, found


def spoken_in(path: Path) -> list[str]:
    """Sentences and labels that code puts on screen: refusals, messages, labels."""
    said: list[ast.expr] = []
    for call in calls(path):
        called = ast.unparse(call.func)
        if called.rpartition(".")[2] in SPEAKING or called.startswith("messages."):
            said += call.args[-1:]
        said += [k.value for k in call.keywords if k.arg in SPOKEN_KEYWORDS]
    return [part.value for one in said for part in _texts(one) if isinstance(part.value, str)]


def _texts(node: ast.expr) -> list[ast.Constant]:
    """The literal parts of a text or f-string; its placeholders and formats are not shown as they stand."""
    if isinstance(node, ast.Constant):
        return [node]
    return [v for v in node.values if isinstance(v, ast.Constant)] if isinstance(node, ast.JoinedStr) else []


def test_code_speaks_chinese() -> None:
    found = {
        name(path): words
        for path in python_files()
        if not is_test(path) and "migrations" not in path.parts
        for words in [foreign_words(" ".join(spoken_in(path)))]
        if words
    }
    assert not found, found


def refusals() -> list[ast.ClassDef]:
    return [
        node
        for path in python_files()
        if not is_test(path)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and SPEAKING & {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    ]


def test_every_refusal_has_a_sentence_for_people() -> None:
    for node in refusals():
        sentence = ast.get_docstring(node) or ""
        assert re.search(r"[一-鿿]", sentence) and not foreign_words(sentence), f"{node.name}: {sentence!r}"
