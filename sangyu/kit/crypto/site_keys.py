"""The site's keys as this process knows them: read when first needed, and again whenever the key file changes."""

import logging
import os
import time
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from sangyu.kit.crypto.key_file import ENVIRONMENT_NAME, load_keyring
from sangyu.kit.crypto.keys import Keyring, KeyringUnusable

SETTLED_NS = 2_000_000_000  # within this time of a change a second one may leave the same marks on the file

logger = logging.getLogger(__name__)

Marks = tuple[object, ...]


class SiteKeys:
    """The last good keys of one process. A key file that is broken while the site runs is told to the log, no more."""

    def __init__(self) -> None:
        # One value, put in place at once: threads that read at the same time can't mix each other's.
        self._known: tuple[Path, Marks | None, Keyring] | None = None
        self._told = ""

    def now(self) -> Keyring:
        """The keys of this moment. Raises KeyringUnusable when there were none yet that could be used."""
        path: Path = settings.KEY_FILE
        marks = _marks(path)
        if marks is not None and self._known is not None and self._known[:2] == (path, marks):
            return self._known[2]
        return self._read(path, marks)

    def again(self) -> Keyring:
        """The keys, read even if nothing seems to have changed."""
        path: Path = settings.KEY_FILE
        return self._read(path, _marks(path))

    def _read(self, path: Path, marks: Marks | None) -> Keyring:
        try:
            keyring = replace(load_keyring(os.environ, path), again=self.again)
        except KeyringUnusable as unusable:
            if self._known is None or self._known[0] != path:
                raise
            self._tell(f"{unusable}网站继续使用原来的密钥，请尽快改正。")
            return self._known[2]
        self._known, self._told = (path, marks, keyring), ""
        return keyring

    def _tell(self, sentence: str) -> None:
        """Once, not at each page."""
        if sentence != self._told:
            self._told = sentence
            logger.error(sentence)


def _marks(path: Path) -> Marks | None:
    """What changes when the keys change; None when this can't be told, so that they must be read."""
    text = os.environ.get(ENVIRONMENT_NAME, "")
    if text.strip():
        return (text,)
    try:
        seen = path.stat()
    except OSError:
        return None
    # Clocks of file systems tick in steps of milliseconds: what was changed just now may be changed unseen.
    if abs(time.time_ns() - seen.st_mtime_ns) < SETTLED_NS:
        return None
    return (seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino)


SITE = SiteKeys()


def keyring() -> Keyring:
    """The site's keys, as the key file has them at this moment. Raises KeyringUnusable."""
    return SITE.now()
