"""Lines that stand in many documents: menus, footers, licences, notices.

Counts, for every line of some length, in how many documents it stands. Exact up to a million
different lines; beyond that all counts are lowered from time to time until half of the lines have
none left, so a count may be too low by what was taken from it in all, never too high (Misra and
Gries 1982). Costs about 14 ms a megabyte and at most some 150 MB.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.mending.lines import line_key

SHORTEST_CHARACTERS = 12
FEWEST_DOCUMENTS = 10
SMALLEST_SHARE = 0.01
_MOST_LINES = 1_000_000
_SHOWN_CHARACTERS = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line with the number of documents it stands in, and the characters it takes in all."""

    text: str
    documents: int
    characters: int


class RepeatedLines:
    """Counts the documents of every line; :meth:`merge` puts two counts together."""

    def __init__(self, most_lines: int = _MOST_LINES) -> None:
        self.documents = 0
        self.characters = 0
        self.forgotten = 0  # the most that a count of documents can be too low by
        self._most_lines = most_lines
        self._counts: Counter[int] = Counter()
        self._occurrences: Counter[int] = Counter()
        self._texts: dict[int, tuple[str, int]] = {}  # cropped, and the whole length

    def add(self, text: str) -> None:
        """Count the lines of one document."""
        self.documents += 1
        self.characters += len(text)
        lines = [line for line in text.split("\n") if len(line) >= SHORTEST_CHARACTERS]
        keys = [line_key(line) for line in lines]
        self._occurrences.update(keys)
        unique = dict(zip(reversed(keys), reversed(lines), strict=True))  # the first of equals
        self._counts.update(unique.keys())
        counts = self._counts
        for key in [key for key in unique if counts[key] > 1]:
            if key not in self._texts:  # kept from its second document on: most have only one
                line = unique[key]
                self._texts[key] = (line.strip()[:_SHOWN_CHARACTERS], len(line))
        if len(self._counts) > self._most_lines:
            self._forget()

    def merge(self, other: RepeatedLines) -> None:
        """Add what ``other`` counted over other documents."""
        self.documents += other.documents
        self.characters += other.characters
        self.forgotten += other.forgotten
        self._counts.update(other._counts)
        self._occurrences.update(other._occurrences)
        self._texts = {**other._texts, **self._texts}
        if len(self._counts) > self._most_lines:
            self._forget()

    def state(self) -> tuple[dict[str, Any], list[NDArray[Any]]]:
        """Return everything as plain values and arrays, for another process."""
        counts = np.fromiter(self._counts.values(), np.int64, len(self._counts))
        keys = np.fromiter(self._counts, np.uint64, len(self._counts))
        occurrences = [self._occurrences[key] for key in self._counts]
        plain = {
            "documents": self.documents,
            "characters": self.characters,
            "forgotten": self.forgotten,
            "texts": [[key, *known] for key, known in self._texts.items()],
        }
        return plain, [keys, counts, np.array(occurrences, dtype=np.int64)]

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: Sequence[NDArray[Any]]) -> RepeatedLines:
        """Return the count that :meth:`state` described."""
        lines = cls()
        lines.documents, lines.characters = plain["documents"], plain["characters"]
        lines.forgotten = plain["forgotten"]
        keys, counts, occurrences = (array.tolist() for array in arrays)
        lines._counts.update(dict(zip(keys, counts, strict=True)))
        lines._occurrences.update(dict(zip(keys, occurrences, strict=True)))
        lines._texts = {key: (text, length) for key, text, length in plain["texts"]}
        return lines

    @property
    def threshold(self) -> int:
        """From how many documents on a line counts as repeated: 10, or one in a hundred."""
        return max(FEWEST_DOCUMENTS, round(SMALLEST_SHARE * self.documents))

    def keys(self) -> frozenset[int]:
        """Return the keys of all repeated lines."""
        return frozenset(key for key, count in self._counts.items() if count >= self.threshold)

    def top(self, most: int = 20) -> tuple[Line, ...]:
        """Return the repeated lines that take most characters."""
        lines = [
            Line(known[0], self._counts[key], self._occurrences[key] * known[1])
            for key in self.keys()
            if (known := self._texts.get(key))
        ]
        return tuple(sorted(lines, key=lambda line: (-line.characters, line.text))[:most])

    @property
    def share(self) -> float:
        """The share of all characters that stand in repeated lines."""
        taken = sum(line.characters for line in self.top(most=self._most_lines))
        return taken / self.characters if self.characters else 0.0

    def _forget(self) -> None:
        """Take from all counts what half of them are not above, and let go of what has none left.

        A line that is counted, let go and counted again has then lost what was taken meanwhile,
        and no more.
        """
        ordered = sorted(self._counts.values())
        taken = ordered[len(ordered) // 2]
        self.forgotten += taken
        left = {key: count - taken for key, count in self._counts.items() if count > taken}
        self._counts = Counter(left)
        self._occurrences = Counter({key: self._occurrences[key] for key in left})
        self._texts = {key: known for key, known in self._texts.items() if key in left}
