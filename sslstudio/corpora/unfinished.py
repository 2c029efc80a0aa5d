"""What a preparation has finished when it is killed, so that the next one goes on from there.

Beside the folder that a preparation is to fill, under the key of the very text and settings, so
what lies here belongs to them whenever it is found. The examination and the tokenizer are kept when
they are done; of the shards, a bookmark says every few seconds how far both files are on the
disk, and what lies beyond is cut off. Whatever cannot be read is made again. Costs three fsyncs
and a small file, and a pause of some milliseconds every five seconds. Knows no text.
"""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import filelock

from sslstudio.corpora.examined import Examined
from sslstudio.corpora.examined_file import load_examined, save_examined
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import SSLStudioError
from sslstudio.storage import UNREADABLE, storage_guard, write_atomically

NAME = "unfinished"
SECONDS_BETWEEN_BOOKMARKS = 5.0
_SURVEY = "survey.npz"
_FORGOTTEN_AFTER_S = 7 * 86_400


class Unfinished:
    """The folder of one unfinished preparation; its owner holds the lock of ``home``."""

    def __init__(self, home: Path) -> None:
        self.folder = home / NAME
        self.shards = self.folder / "shards"
        self._bookmark = self.folder / "bookmark.json"
        with storage_guard(self.folder):
            self.shards.mkdir(parents=True, exist_ok=True)
            for torn in self.folder.glob(".tmp-*"):  # of a kill while something was written
                torn.unlink(missing_ok=True)
        self._last = time.monotonic()

    def examined(self) -> Examined | None:
        """Return the examination that was finished, or None."""
        return load_examined(self.folder / _SURVEY)

    def keep_examined(self, examined: Examined) -> None:
        """Keep a finished examination.

        Raises:
            StorageError: the disk is full or may not be written.
        """
        save_examined(self.folder / _SURVEY, examined)

    def tokenizer(self) -> Tokenizer | None:
        """Return the tokenizer that was finished, or None."""
        path = self.folder / "tokenizer.json"
        if not path.is_file():
            return None
        try:
            return Tokenizer.load(path)
        except SSLStudioError:
            return None

    def keep_tokenizer(self, tokenizer: Tokenizer) -> None:
        """Keep a finished tokenizer.

        Raises:
            StorageError: the disk is full or may not be written.
        """
        tokenizer.save(self.folder / "tokenizer.json")

    def bookmark(self) -> dict[str, Any] | None:
        """Return how far the shards are, or None where they begin."""
        try:
            found = json.loads(self._bookmark.read_bytes())
            sizes = {name: (self.shards / name).stat().st_size for name in found["files"]}
            if any(sizes[name] < size for name, size in found["files"].items()):
                return None
        except (*UNREADABLE, KeyError, TypeError, AttributeError):
            return None
        return dict(found)

    def is_bookmark_due(self) -> bool:
        """Whether the last bookmark is some seconds old."""
        return time.monotonic() - self._last >= SECONDS_BETWEEN_BOOKMARKS

    def keep_bookmark(self, place: dict[str, Any]) -> None:
        """Say how far the shards are; their files were synced.

        Args:
            place: plain values; ``files`` maps names of files in ``shards`` to sizes in bytes.

        Raises:
            StorageError: the disk is full or may not be written.
        """
        write_atomically(self._bookmark, json.dumps(place))
        self._last = time.monotonic()

    def remove(self) -> None:
        """Forget it, when everything is finished."""
        shutil.rmtree(self.folder, ignore_errors=True)


def sweep_forgotten(prepared: Path, own: Path) -> None:
    """Remove what other keys left unfinished a week ago, where nobody works on it.

    Args:
        prepared: the folder of all keys.
        own: the home of the key that is prepared now.
    """
    for folder in prepared.glob(f"*/{NAME}"):
        if folder.parent == own:
            continue
        try:
            if time.time() - _touched(folder) < _FORGOTTEN_AFTER_S:
                continue
            with filelock.FileLock(folder.parent / "lock", timeout=0):
                shutil.rmtree(folder, ignore_errors=True)
        except (OSError, filelock.Timeout):  # gone meanwhile, not ours, or at work
            continue


def _touched(folder: Path) -> float:
    """Return when something in ``folder`` last changed."""
    return max(path.stat().st_mtime for path in [folder, *folder.rglob("*")])
