"""Which files of a folder or an archive are read: the patterns of ``include`` and ``exclude``.

Beside ``reading``, asked once a file. A pattern without a slash fits a name, of the file or of a
folder above it, at any depth: ``*.txt``, ``drafts``. One with a slash fits the path from the top
of the source: ``drafts/*`` is everything below ``drafts``, ``**/x/*`` whatever lies in some ``x``.
A star also stands for slashes. An archive counts as a folder: ``letters.zip/*.txt``. Upper and
lower case are the same. Costs some microseconds a file.
"""

from __future__ import annotations

import fnmatch
import functools
import re
from collections.abc import Iterator

from sslstudio.recipe import CorpusSource


def is_wanted(source: CorpusSource, relative: str, *, is_container: bool = False) -> bool:
    """Return whether ``relative``, a path with slashes below ``source``, is to be read.

    Args:
        source: whose patterns are asked.
        relative: of a file, or of an archive.
        is_container: it is an archive, in which something may be wanted even though its own
            name fits no pattern of ``include``.
    """
    if fits_any(source.exclude, relative):
        return False
    return is_container or not source.include or fits_any(source.include, relative)


def fits_any(patterns: tuple[str, ...], relative: str) -> bool:
    """Return whether one of ``patterns`` fits the path or a folder above it."""
    places = list(_with_folders_above(relative))
    return any(_fits(pattern, place) for pattern in patterns for place in places)


def _with_folders_above(relative: str) -> Iterator[str]:
    while relative:
        yield relative
        relative = relative.rpartition("/")[0]


def _fits(pattern: str, place: str) -> bool:
    expression, whole_path = _compiled(pattern)
    return expression.match(place if whole_path else place.rpartition("/")[2]) is not None


@functools.lru_cache(maxsize=256)
def _compiled(pattern: str) -> tuple[re.Pattern[str], bool]:
    """Return the pattern as an expression, and whether it is asked of whole paths."""
    pattern = pattern.strip().replace("\\", "/").removeprefix("./")
    whole_path = "/" in pattern.rstrip("/")
    pattern = pattern.strip("/")
    anywhere = "(?:.*/)?" if pattern.startswith("**/") else ""
    while pattern.startswith("**/"):
        pattern = pattern.removeprefix("**/")
    expression = fnmatch.translate(pattern.replace("/**/", "/*"))
    return re.compile(anywhere + expression, re.IGNORECASE), whole_path
