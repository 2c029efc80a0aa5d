"""The documents of a corpus once it was surveyed: what stays of them, on its side.

Stands between the survey and whatever reads the text again: the search for twins, the tokenizer,
the shards, the mended copy. The same documents come in the same order as in the survey, mended
again where their source is mended; that they are the same is checked by their lengths and by the
files' sizes and times.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sslstudio.corpora.mended import MendedSource
from sslstudio.corpora.split import is_validation, tail_start
from sslstudio.corpora.survey import Survey
from sslstudio.errors import CorpusError

NO_SPLIT = "none"


@dataclasses.dataclass(frozen=True)
class Corpus:
    """A surveyed corpus with the split that was chosen for it."""

    sources: Sequence[MendedSource]
    survey: Survey
    split: str
    fraction: float

    def parts(
        self, number: int, cancelled: Callable[[], bool], start: int = 0
    ) -> Iterator[tuple[int, str, str]]:
        """Yield ``(place, training text, validation text)`` of what stays of a source.

        Args:
            number: of the source.
            cancelled: asked once a document.
            start: place of the first document that is wanted, as the survey counts.

        Raises:
            CorpusError: the text is no longer what the survey saw.
        """
        span, found = self.survey.places(number), self.survey
        place = span.start

        def is_wanted(inside: int) -> bool:
            at = span.start + inside
            return start <= at < span.stop and not found.removed[at]

        documents = self.sources[number].documents(cancelled, lambda _skipped: None, is_wanted)
        for _, document in documents:
            if place == span.stop:
                raise self._changed(number)
            if is_wanted(place - span.start):
                if len(document.text) != found.characters[place]:
                    raise self._changed(number)
                yield place, *self._sides_of(place, document.text)
            place += 1
        if place != span.stop:
            raise self._changed(number)

    def _sides_of(self, place: int, text: str) -> tuple[str, str]:
        if self.split == NO_SPLIT:
            return text, ""
        if self.split == "tail":
            cut = tail_start(len(text), self.fraction)
            return text[:cut], text[cut:]
        kept_apart = is_validation(int(self.survey.sides[place]), self.fraction)
        return ("", text) if kept_apart else (text, "")

    def _changed(self, number: int) -> CorpusError:
        return CorpusError(f"{self.sources[number].path} changed while it was read: try again")

    @property
    def documents(self) -> int:
        """How many stay."""
        return int(self.survey.kept.sum())

    def removal_rows(self) -> list[dict[str, Any]]:
        """Return what each rule took out of each source, as plain values."""
        numbers = range(len(self.sources))
        return [{"source": i, **row} for i in numbers for row in self.survey.table(i)]

    def figures(self, number: int) -> dict[str, Any]:
        """Return of a source the documents read, those that stay, and what changed in them."""
        found = self.survey
        return {
            "read": found.counts[number],
            "documents": int(found.kept[found.places(number)].sum()),
            "changes": found.changes[number],
        }

    @property
    def characters(self) -> int:
        """All that stays."""
        return int(self.survey.characters[self.survey.kept].sum())

    def characters_before(self, place: int) -> int:
        """What stays of the documents before ``place``."""
        return int(self.survey.characters[:place][self.survey.kept[:place]].sum())


def totals_by_side(
    counts: Sequence[Mapping[str, Mapping[str, int]]],
) -> dict[str, dict[str, int]]:
    """Return what ``counts``, one of each source by side and name, come to over all sources."""
    return {
        side: {name: sum(own[side][name] for own in counts) for name in first}
        for side, first in counts[0].items()
    }
