"""In which languages a text is written, passage by passage.

A measure on the sample: the classifier of py3langid reads about 1.3 MB/s, so chunks of 300
characters are taken evenly from every passage (at most 20, about one in 2,000 characters) and vote.
A chunk counts where it has at least 40 characters, half of them letters, and the classifier gives
at least 0.5: below that short strings and code are called languages that they are not (reference
2.4), and figures Volapük. Where it wavers between languages that ISO 639-3 calls one macrolanguage,
their probabilities count together, and the likeliest of them is named. Loading takes 1 s and
120 MB, so it is loaded on first use.
"""

from __future__ import annotations

import functools
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

UNDETERMINED = "und"
FEWEST_CHARACTERS = 40
LEAST_PROBABILITY = 0.5
CHUNK_CHARACTERS = 300
MOST_CHUNKS = 20
_EVERY_CHARACTERS = 2000
# hbs, msa and nor, as far as the classifier tells their members apart
RELATIVES = (frozenset({"bs", "hr", "sr"}), frozenset({"id", "ms"}), frozenset({"nn", "no"}))


class LanguageShares:
    """Languages by characters, of everything added."""

    def __init__(self) -> None:
        self._characters: defaultdict[str, float] = defaultdict(float)

    def add(self, text: str) -> None:
        """Let the chunks of ``text`` vote; its characters are shared among them."""
        votes = [language_of(chunk) for chunk in chunks_of(text)]
        for language in votes:
            self._characters[language] += len(text) / len(votes)

    def merge(self, characters: Mapping[str, float]) -> None:
        """Add what :meth:`characters` told elsewhere."""
        for language, count in characters.items():
            self._characters[language] += count

    def characters(self) -> dict[str, float]:
        """Return the characters in each language."""
        return dict(self._characters)

    def shares(self) -> dict[str, float]:
        """Return the share of the text in each language, largest first."""
        total = sum(self._characters.values())
        found = sorted(self._characters.items(), key=lambda pair: (-pair[1], pair[0]))
        return {language: characters / total for language, characters in found}


def language_of(text: str) -> str:
    """Return the ISO 639 code of the language of a short text, or "und"."""
    if len(text.strip()) < FEWEST_CHARACTERS or not _is_written(text):
        return UNDETERMINED
    language, probability = _classifier().classify(text)
    if probability < LEAST_PROBABILITY:
        probability += _of_relatives(language, text)
    return language if probability >= LEAST_PROBABILITY else UNDETERMINED


def _is_written(text: str) -> bool:
    """Return whether half of what is no white space are letters and their marks.

    The classifier knows bytes of languages only, and finds one for any run of digits or signs.
    """
    signs = [c for c in text if not c.isspace()]
    letters = sum(c.isalpha() or unicodedata.category(c)[0] == "M" for c in signs)
    return 2 * letters >= len(signs)


def _of_relatives(language: str, text: str) -> float:
    """Return the probability of the other members of the language's macrolanguage."""
    for relatives in RELATIVES:
        if language in relatives:
            found: dict[str, float] = dict(_classifier().rank(text))
            return sum(found[other] for other in relatives if other != language)
    return 0.0


def chunks_of(text: str) -> list[str]:
    """Return at most 20 chunks of 300 characters, spread evenly over ``text``."""
    count = min(MOST_CHUNKS, max(1, len(text) // _EVERY_CHARACTERS))
    step = len(text) // count
    return [text[at * step : at * step + CHUNK_CHARACTERS] for at in range(count)]


@functools.cache
def _classifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
