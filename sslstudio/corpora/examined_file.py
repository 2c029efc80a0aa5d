"""An examination as one file: arrays and plain values, never pickled.

Between examinations and whoever wants one again: a preparation that goes on, the report, the
preview. Appears under its name only when it is whole. Costs 33 bytes a document.
"""

from __future__ import annotations

import dataclasses
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from sslstudio.corpora.examined import Examined
from sslstudio.corpora.reading import Skipped
from sslstudio.corpora.survey import Survey
from sslstudio.storage import UNREADABLE, storage_guard

_ARRAYS = ("sides", "shares", "characters", "removed", "repeats")


def load_examined(path: Path) -> Examined | None:
    """Return what :func:`save_examined` wrote, or None where it is gone or damaged."""
    try:
        with path.open("rb") as file, np.load(file) as kept:
            facts = json.loads(kept["facts"].tobytes())
            arrays = {name: kept[name] for name in _ARRAYS}
        facts["skipped"] = tuple(Skipped(**skipped) for skipped in facts["skipped"])
        split, repeated = facts.pop("split"), facts.pop("repeated_lines")
        lists: dict[str, Any] = {name: tuple(facts[name]) for name in facts}
        lines = tuple(frozenset(keys) for keys in repeated)
        return Examined(Survey(**arrays, **lists), split, lines)
    except (*UNREADABLE, KeyError, TypeError, zipfile.BadZipFile, EOFError):
        return None


def save_examined(path: Path, examined: Examined) -> None:
    """Write a finished examination.

    Raises:
        StorageError: the disk is full or may not be written.
    """
    found = examined.survey
    facts = {
        "split": examined.split,
        "repeated_lines": [sorted(keys) for keys in examined.repeated_lines],
        "rules": found.rules,
        "counts": found.counts,
        "changes": found.changes,
        "skipped": [dataclasses.asdict(skipped) for skipped in found.skipped],
    }
    encoded = np.frombuffer(json.dumps(facts).encode("utf-8"), dtype=np.uint8)
    temporary = path.with_name(f".tmp-{path.name}")
    with storage_guard(path):
        try:
            with temporary.open("wb") as file:
                arrays = {name: getattr(found, name) for name in _ARRAYS}
                np.savez(file, facts=encoded, **arrays)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
