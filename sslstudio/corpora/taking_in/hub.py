"""Datasets of the Hugging Face hub, by name: a child streams them in through ``datasets``.

``hub:OWNER/NAME`` or ``hub:OWNER/NAME:CONFIG`` reads the split ``train``. The package is an
optional extra; without it, or without a network, the user gets a sentence. What was taken in is
kept like a foreign file, and not asked for again while it lies there. Costs the network. Knows
nothing of accounts: private sets are for the package's own login.
"""

from __future__ import annotations

import importlib.util
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sslstudio.corpora.columns import TITLES, guess_column
from sslstudio.corpora.reader import Record
from sslstudio.corpora.taking_in.cache import Wanted
from sslstudio.corpora.taking_in.process import TakingIn
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource

HUB_PREFIX = "hub:"
_NAME = re.compile(r"(?P<path>[\w.-]+(?:/[\w.-]+)?)(?::(?P<config>[\w. -]+))?")
_SAMPLE_ROWS = 50
_VERSION = 1


def hub_file(
    source: CorpusSource,
    cancelled: Callable[[], bool],
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Path:
    """Return the taken-in file of ``source``, a name on the hub, after fetching it once.

    Raises:
        CorpusError: it is no such name, the package is absent, or the hub cannot be reached.
        StorageError: there is no room in the cache.
        Cancelled: ``cancelled()`` said so.
    """
    if not _NAME.fullmatch(source.path.removeprefix(HUB_PREFIX)):
        raise CorpusError(f"{source.path} is no name on the hub: write hub:OWNER/NAME")
    wanted = Wanted(
        path=Path(source.path),
        sha256="",
        size_bytes=0,
        name=source.path,
        readers=[["hub", _VERSION]],
        layers=[source.path],
        column=source.column,
    )
    with TakingIn(cancelled, lambda done: on_progress(done, 0)) as taking_in:
        known = taking_in.known(wanted)
        if known is None and importlib.util.find_spec("datasets") is None:
            raise CorpusError(
                f"{source.path} needs the package datasets, which is not installed: run "
                "pip install 'sslstudio[hub]', or choose files on this computer"
            )
        found = known or taking_in.take(wanted)
    if found.fault:
        raise CorpusError(f"{source.path} {found.fault}")
    return wanted.target


# -- in the child ---------------------------------------------------------------------------


def hub_records(name: str, column: str) -> Iterator[Record]:
    """Yield the rows of the set ``name``, as ``hub:OWNER/NAME`` is written.

    Raises:
        CorpusError: it cannot be reached, or has no column of text.
    """
    match = _NAME.fullmatch(name.removeprefix(HUB_PREFIX))
    assert match is not None
    rows = _rows(match["path"], match["config"])
    first = list(itertools.islice(rows, _SAMPLE_ROWS))
    if column == "auto":
        column = _guessed(first)
    elif first and column not in first[0]:
        known = ", ".join(map(str, first[0]))
        raise CorpusError(f"has no column {column!r}: choose one of {known}")
    for row in itertools.chain(first, rows):
        text = row.get(column)
        if isinstance(text, str):
            titles = (row.get(title) for title in TITLES if title != column)
            yield Record(text, next((t for t in titles if isinstance(t, str)), ""))


def _rows(path: str, config: str | None) -> Iterator[Mapping[str, Any]]:
    import datasets

    # broad: the package has a dozen ways to say that there is no network or no such set
    try:
        yield from datasets.load_dataset(path, config, split="train", streaming=True)
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        raise CorpusError(
            f"cannot be fetched from the hub ({type(error).__name__}: {reason}): check the name "
            "and the network"
        ) from error


def _guessed(rows: list[Mapping[str, Any]]) -> str:
    samples: dict[str, list[str]] = {}
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str):
                samples.setdefault(str(name), []).append(value)
    column = guess_column(samples)
    if not column:
        raise CorpusError("has no column with texts: choose another set")
    return column
