"""Everything that decides which documents there are, what is left of them, and on which side.

Names what is kept in the cache: prepared tokens and examinations. Where the files lie does not
matter, only what is in them and how it is read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from sslstudio.corpora.mended import shaping_versions
from sslstudio.corpora.reading import shape_of
from sslstudio.corpora.sources import SoundSource
from sslstudio.corpora.split import SALT
from sslstudio.recipe import DataOptions

FORMAT = 3
# which files, and what is in them, their digests and ``shape_of`` say
_SHAPING_SOURCE = ("documents", "preset", "rules_off", "normalise", "personal_data")
_SHAPING_DATA = ("split", "validation_fraction", "deduplicate", "repeated_lines")


def decisive_for_documents(sources: Sequence[SoundSource], data: DataOptions) -> dict[str, Any]:
    """Return all of it as plain values."""
    return {
        "format": FORMAT,
        "unicode": unicodedata.unidata_version,
        "salt": SALT.decode(),
        "sources": [
            [
                [getattr(s.source, name) for name in _SHAPING_SOURCE],
                s.digests,
                [shape_of(s.source, path) for path in s.files],
            ]
            for s in sources
        ],
        "data": {name: getattr(data, name) for name in _SHAPING_DATA},
        "versions": shaping_versions([s.source for s in sources]),
    }
