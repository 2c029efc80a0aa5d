"""Which columns a table has, with texts of each, looked at in a process of its own.

Beside the readers, for the studio, which shows the guess and lets it be changed. Readers whose
text stands in a column (``columns=True``) have a method ``columns(file)``: texts of every column
from the first rows. Parsers of tables are C++ and files may be hostile, so the child has limits,
and what it dies of is one sentence. Costs 0.3 s and the beginning of one file;
JSON is read whole.

The child is ``python -m sslstudio.corpora.column_trial``: it imports neither torch nor Qt. A
frozen bundle has no interpreter to call with ``-m``: its entry point must call :func:`main` when
its arguments are :data:`FROZEN_WORDS`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sslstudio.corpora import child_process
from sslstudio.corpora.columns import guess_column, mean_length
from sslstudio.corpora.process_limits import limit_itself
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import CorpusSource

FROZEN_WORDS = ("--try-columns",)
MEMORY_BYTES = 4 * 2**30
CPU_S = 20
TIMEOUT_S = 40.0
_POLL_S = 0.1
_SHOWN_TEXTS, _SHOWN_CHARACTERS, _MOST_COLUMNS = 3, 300, 100


@dataclasses.dataclass(frozen=True)
class Column:
    """A column that holds texts.

    Attributes:
        name: as it stands in the file.
        samples: beginnings of some of its texts.
        mean_length: of all that were looked at, in characters.
    """

    name: str
    samples: tuple[str, ...]
    mean_length: float


@dataclasses.dataclass(frozen=True)
class Columns:
    """The columns of a table, in its order, and the one that is read where none is named."""

    columns: tuple[Column, ...] = ()
    guessed: str = ""


def columns_of(source: CorpusSource, cancelled: Callable[[], bool] = lambda: False) -> Columns:
    """Return the columns of the first file of ``source`` that is a table; none where none is.

    Raises:
        CorpusError: the source is missing, or that file cannot be read.
        Cancelled: ``cancelled()`` said so.
    """
    path = _first_table(source, cancelled)
    if path is None:
        return Columns()
    answer = _in_a_child({"path": str(path), "encoding": source.encoding}, cancelled)
    if answer is None:
        raise CorpusError(
            f"{path.name} ended the process that looked for its columns: choose another file"
        )
    if "fault" in answer:
        raise CorpusError(f"{path.name} {answer['fault']}")
    columns = tuple(Column(name, tuple(texts), mean) for name, texts, mean in answer["columns"])
    return Columns(columns, answer["guessed"])


def _first_table(source: CorpusSource, cancelled: Callable[[], bool]) -> Path | None:
    from sslstudio.corpora.kinds import kind_of
    from sslstudio.corpora.reading import list_files

    for path in list_files(source, cancelled=cancelled).files:
        kind = kind_of(path.name)
        if not kind.archive and kind.reader.facts.get("columns"):
            return path
    return None


def _in_a_child(request: Mapping[str, str], cancelled: Callable[[], bool]) -> dict[str, Any] | None:
    """Return what the child answers; None where it gave none."""
    words = child_process.command("sslstudio.corpora.column_trial", FROZEN_WORDS)
    try:
        child = child_process.started(words)
    except OSError as error:
        raise CorpusError(
            f"columns are looked for in a process of its own, and none can be started here "
            f"({error.strerror}): close other programs"
        ) from error
    try:
        said = _waited_for(child, json.dumps(request).encode(), cancelled)
    finally:
        child.kill()
        child.communicate()
    with contextlib.suppress(ValueError):
        answer = json.loads(said)
        return answer if isinstance(answer, dict) else None
    return None


def _waited_for(
    child: subprocess.Popen[bytes], request: bytes, cancelled: Callable[[], bool]
) -> bytes:
    end = time.monotonic() + TIMEOUT_S
    given: bytes | None = request
    while time.monotonic() < end:
        if cancelled():
            raise Cancelled
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.communicate(given, timeout=_POLL_S)[0]
        given = None  # what was given once is not given again
    return b""


# -- in the child ---------------------------------------------------------------------------


def main() -> int:
    """Answer the request on standard input; returns the status."""
    limit_itself(memory_bytes=MEMORY_BYTES, cpu_s=CPU_S)
    request = json.loads(sys.stdin.buffer.read())
    out, sys.stdout = sys.stdout, sys.stderr  # a library that prints must not write the answer
    # broad: this is the edge of the process, and the parent needs a sentence
    try:
        answer = _looked_at(Path(request["path"]), request["encoding"])
    except CorpusError as error:
        answer = {"fault": str(error)}
    except Exception as error:
        answer = {"fault": f"cannot be read ({type(error).__name__}: {str(error)[:200]})"}
    out.write(json.dumps(answer))
    out.flush()
    return 0


def _looked_at(path: Path, encoding: str) -> dict[str, Any]:
    from sslstudio.corpora.input_file import file_on_disk
    from sslstudio.corpora.kinds import kind_of
    from sslstudio.corpora.unpacking import Budget

    kind = kind_of(path.name)
    budget = Budget(path.stat().st_size)
    reader: Any = kind.reader.cls()
    file = file_on_disk(path, kind, path.name, budget=budget, encoding=encoding)
    samples: dict[str, list[str]] = reader.columns(file)
    return {
        "columns": [
            (name, [_shown(t) for t in _some(texts)], mean_length(texts))
            for name, texts in list(samples.items())[:_MOST_COLUMNS]
        ],
        "guessed": guess_column(samples),
    }


def _some(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if text.strip()][:_SHOWN_TEXTS]


def _shown(text: str) -> str:
    return text[:_SHOWN_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


if __name__ == "__main__":
    sys.exit(main())
