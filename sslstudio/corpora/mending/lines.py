"""Repeated lines: menus, footers and notices that stand in very many documents.

Which lines those are is found over the whole corpus (``duplicates/repeated_lines.py``); here they
are only recognised, by a key of 64 bits, so that a container of a million of them stays small. The
key is of the line without the white space around it and without case. Costs about a microsecond
a line. Knows nothing of documents or of how often a line stands where.
"""

from __future__ import annotations

import xxhash

REPEATED_LINE = "repeated_line"


def line_key(line: str) -> int:
    """Return the key of ``line``, a number below 2^64; equal for lines alike but for case."""
    return xxhash.xxh3_64_intdigest(line.strip().casefold().encode("utf-8", "surrogatepass"))
