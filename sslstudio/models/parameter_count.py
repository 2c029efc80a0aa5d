"""How many numbers a network learns, and where they sit. Counted by each architecture's file."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class ParameterCount:
    """How many numbers are learned, and where they sit.

    ``total = embedding + non_embedding`` and
    ``non_embedding = attention + feed_forward + norms + head + extras``.
    """

    embedding: int
    """The embedding matrix and, where it is not tied, the output matrix; positions too."""
    attention: int
    """Query, key, value and output matrices of all blocks."""
    feed_forward: int
    """All matrices of the feed-forward parts."""
    norms: int
    """Norms of the blocks (those of queries and keys included) and the final ones."""
    head: int = 0
    """A prediction head: dense matrix, norm and output bias. 0 for a decoder."""
    extras: int = 0
    """Modules that an objective needs beside the network."""

    @property
    def non_embedding(self) -> int:
        """All but the embedding."""
        return self.attention + self.feed_forward + self.norms + self.head + self.extras

    @property
    def total(self) -> int:
        """All of them."""
        return self.embedding + self.non_embedding

    def to_dict(self) -> dict[str, int]:
        """Return all counts by name, the sums with them."""
        sums = {"total": self.total, "non_embedding": self.non_embedding}
        return {**sums, **dataclasses.asdict(self)}
