"""A key file for one test alone, and people whose numbers are sealed with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from sangyu.kit import crypto


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The site's keys are in this file: one data key, one index key."""
    monkeypatch.delenv("SANGYU_KEYS", raising=False)
    path = tmp_path / "keys" / "personal-data.keys"
    crypto.ensure_key_file(path)
    monkeypatch.setattr(settings, "KEY_FILE", path)
    yield path
