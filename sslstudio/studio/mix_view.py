"""The numbers behind the mix: the share of each source, and how often it is read at this length.

Pure functions over ``sslstudio.corpora.mixing``, like ``plan_view`` for the model page: some
microseconds, so the page asks at every move of a slider. Sizes are estimates in tokens.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from sslstudio.errors import SSLStudioError
from sslstudio.recipe import Recipe

_WORDS = {"good": "", "caution": "repeating", "bad": "repeating too often"}


@dataclasses.dataclass(frozen=True)
class MixRow:
    """One source in the mix.

    Attributes:
        share: of all that is read, from 0 to 1.
        epochs: how often it is read in the whole training.
        level: "good", "caution" or "bad".
        sentence: what that many epochs mean.
    """

    share: float
    epochs: float
    level: str
    sentence: str

    @property
    def words(self) -> str:
        """The epochs in a few words: "5.4 epochs · repeating"."""
        figure = f"{self.epochs:.1f}" if self.epochs < 100 else f"{self.epochs:,.0f}"
        if 0 < self.epochs < 0.05:
            figure = "under 0.1"
        word = _WORDS[self.level]
        return f"{figure} epochs" + (f" · {word}" if word else "")


@dataclasses.dataclass(frozen=True)
class Mix:
    """All sources; ``fault`` says why they cannot be mixed, and then there are no rows."""

    rows: tuple[MixRow, ...] = ()
    budget_tokens: int = 0
    fault: str = ""


def mix_of(recipe: Recipe, sizes_bytes: Sequence[int | None]) -> Mix:
    """Return the mix of ``recipe`` by the sizes of its sources; empty while one is unknown."""
    known = [size for size in sizes_bytes if size is not None]
    if len(known) < len(sizes_bytes) or not known:
        return Mix()
    from sslstudio.corpora import mixing
    from sslstudio.corpora.estimate import training_tokens
    from sslstudio.training.automatic import length_of

    sizes = [training_tokens(recipe, size) for size in known]
    weights = [source.weight for source in recipe.corpora]
    read = sum(size for size, weight in zip(sizes, weights, strict=True) if weight > 0)
    budget = length_of(recipe, recipe.model.context, read).tokens
    try:
        found = mixing.mix_of(recipe.data, weights, sizes, budget)
    except SSLStudioError as error:
        return Mix(fault=str(error))
    rows = [
        MixRow(share, times, mixing.level_of(times), _sentence(mixing.sentence_on(times)))
        for share, times in zip(found.shares, found.epochs, strict=True)
    ]
    return Mix(tuple(rows), budget)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
