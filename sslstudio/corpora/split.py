"""Which text is kept apart for validation, so that nothing leaks from one side to the other.

Stands between documents and tokens. ``documents``: a document's side depends on nothing but its
own text (reference 2.9), so it stays where it is when others are added or reordered, and copies
that differ in case or spacing stand on the same side. ``tail``: the last part of every document,
exactly nanoGPT's split where there is one. ``auto``: tail where documents are few. Costs one
SHA-256 a document. Near duplicates on different sides are found by ``removal.py``, which leaves
the one for validation out of both.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
import unicodedata

import numpy as np
from numpy.typing import NDArray

from sslstudio.recipe import DataOptions

SALT = b"sslstudio split 1"
FEWEST_DOCUMENTS = 20
SCALE = float(2**64)


@dataclasses.dataclass(frozen=True, slots=True)
class Key:
    """What a document's text alone decides, each a number uniform in [0, 2^64)."""

    side: int
    share: int


def key_of(text: str) -> Key:
    """Return the key of a document; equal for texts that differ only in case and white space."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    plain = " ".join(text.casefold().split())
    cluster = hashlib.sha256(plain.encode("utf-8")).digest()
    digest = hashlib.sha256(SALT + cluster).digest()
    return Key(int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big"))


def is_validation(side: int, fraction: float) -> bool:
    """Return whether the document with ``Key.side`` is kept apart (reference 2.9)."""
    return side / SCALE < fraction


def tail_start(characters: int, fraction: float) -> int:
    """Return where the validation part of a document of ``characters`` begins.

    The first character is always trained on: a document of one is not kept apart.
    """
    return max(1, math.floor(characters * (1 - fraction)))


def choose_split(options: DataOptions, characters: NDArray[np.int64]) -> str:
    """Return "documents" or "tail".

    Args:
        options: of a recipe.
        characters: lengths of all documents.

    "auto" takes the tail where fewer than 20 documents would be expected on the validation side,
    or where a single document is longer than the whole validation side should be: in both cases
    the hash would decide how much text is kept apart.
    """
    if options.split != "auto":
        return options.split
    fraction = options.validation_fraction
    is_few = len(characters) * fraction < FEWEST_DOCUMENTS
    is_lopsided = len(characters) > 0 and characters.max() > fraction * characters.sum()
    return "tail" if is_few or is_lopsided else "documents"
