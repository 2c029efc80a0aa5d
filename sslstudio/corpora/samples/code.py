"""``sample:code``: the source of the Python library on this computer, without its tests.

One document a file, equal files once, byte for byte as installed. Stands before ``catalogue``.
Costs well under a second. Very large files, which are tables, stay out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sslstudio.corpora.samples import sources
from sslstudio.errors import Cancelled

BUILDER = 1
TOTAL_BYTES = 12_000_000
FILE_BYTES = 120_000
SHORTEST_CHARACTERS = 200
_TABLES = frozenset({"encodings", "msilib", "tcl8"})


def code(cancelled: Callable[[], bool] = sources.NEVER) -> Iterator[tuple[str, str]]:
    """Yield (text, path inside the library) of each source file.

    Raises:
        Cancelled: ``cancelled()`` said so; asked once a file.
    """
    library = sources.standard_library()
    seen: set[str] = set()
    room = TOTAL_BYTES
    for path in sources.python_files(library, cancelled):
        if cancelled():
            raise Cancelled
        inside = path.relative_to(library)
        if _TABLES & set(inside.parts):
            continue
        text = sources.read_source(path, FILE_BYTES)
        if len(text) < SHORTEST_CHARACTERS or text in seen:
            continue
        room -= len(text)
        if room < 0:
            return
        seen.add(text)
        yield text, inside.as_posix()
