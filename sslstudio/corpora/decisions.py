"""What a preparation decides on single documents: for a preview of any of them.

Above the examination, which is made by a child process or found in the cache. Asked by source and
number, as the recipe and a ``DocumentIndex`` count them. Holds 33 bytes a document.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from sslstudio.corpora.examined import Examined
from sslstudio.corpora.examined_file import load_examined
from sslstudio.corpora.report.asking import Progress, ask_child
from sslstudio.corpora.report.request import Request
from sslstudio.errors import StorageError
from sslstudio.recipe import CorpusSource, DataOptions


@dataclasses.dataclass(frozen=True)
class Decision:
    """What becomes of one document.

    Attributes:
        removed_by: the rule that takes it out, or an empty text where it stays.
        repeats: source and number of the document that it is a copy of, where it is one.
    """

    removed_by: str = ""
    repeats: tuple[int, int] | None = None


class Decisions:
    """The decisions on all documents of a recipe.

    Args:
        sources: of the recipe, all of them.
        examined: of those with a weight above 0.
    """

    def __init__(self, sources: Sequence[CorpusSource], examined: Examined) -> None:
        self._weighed = [number for number, source in enumerate(sources) if source.weight > 0]
        self._survey = examined.survey
        self._lines = examined.repeated_lines
        self._ends = np.cumsum(examined.survey.counts)

    def documents(self, source: int) -> int:
        """Return how many documents of ``source`` were examined."""
        counts = self._survey.counts
        return counts[self._weighed.index(source)] if source in self._weighed else 0

    def repeated_lines(self, source: int) -> frozenset[int]:
        """Return the keys of the lines that are taken out of ``source``."""
        is_read = source in self._weighed
        return self._lines[self._weighed.index(source)] if is_read else frozenset()

    def of(self, source: int, document: int) -> Decision:
        """Return what becomes of one document.

        Raises:
            IndexError: it was not examined.
        """
        if not 0 <= document < self.documents(source):
            raise IndexError(document)
        place = self._survey.places(self._weighed.index(source)).start + document
        first = int(self._survey.repeats[place])
        rule = self._survey.rules[int(self._survey.removed[place])]
        return Decision(rule, self._named(first) if first >= 0 else None)

    def _named(self, place: int) -> tuple[int, int]:
        number = int(np.searchsorted(self._ends, place, "right"))
        return self._weighed[number], place - self._survey.places(number).start


def decide(
    sources: Sequence[CorpusSource],
    data: DataOptions,
    *,
    on_progress: Progress = lambda *_: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Decisions:
    """Return what a preparation of ``sources`` decides; a child process reads the texts.

    Args:
        sources: of a recipe; those with the weight 0 are not read.
        data: of the recipe.
        on_progress: told (stage, done, total, unit), at least once a second.
        cancelled: asked ten times a second.

    Raises:
        CorpusError: a source is missing or cannot be read.
        RecipeError: a mending that does not exist here.
        StorageError: the cache may not be written, or was emptied meanwhile.
        ProcessError: the child could not be started, or ended.
        Cancelled: ``cancelled()`` said so.
    """
    request = Request(tuple(sources), data).to_json()
    meta, _ = ask_child("examination", request, on_progress, cancelled)
    path = Path(meta["examination"])
    examined = load_examined(path)
    if examined is None:
        raise StorageError(f"{path} went away while it was read: try again")
    return Decisions(sources, examined)
