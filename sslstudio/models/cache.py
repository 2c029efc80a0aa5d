"""Keys and values of the tokens already seen, so that one more token costs one row of work.

Made by whoever generates, filled by attention, for decoders only. Memory is set aside once, for
a whole context: ``2 · layers · rows · kv_heads · context · head_dim`` numbers. It does not know
what the tokens were, and never slides: past the context it is :meth:`clear`-ed and refilled.

Shapes: B rows, K key/value heads, S positions, E numbers per head.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from sslstudio.models.configuration import ModelConfig


class KeyValueCache:
    """Room for ``config.context`` positions of every block."""

    def __init__(
        self,
        config: ModelConfig,
        *,
        rows: int = 1,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        assert config.is_decoder, "an encoder sees all tokens at once and has nothing to keep"
        shape = (config.layers, rows, config.kv_heads, config.context, config.head_dim)
        self._keys_LBKSE = torch.zeros(shape, device=device, dtype=dtype)
        self._values_LBKSE = torch.zeros(shape, device=device, dtype=dtype)
        self.capacity = config.context
        self.length = 0  # positions that hold a token in every block

    def extend(self, layer: int, keys_BKTE: Tensor, values_BKTE: Tensor) -> tuple[Tensor, Tensor]:
        """Store new positions of one block; return all its keys and values [B, K, S, E] so far.

        The positions count as seen only after :meth:`advance`, once every block has them.
        """
        end = self.length + keys_BKTE.shape[2]
        assert end <= self.capacity, "past the context: clear the cache and start again"
        self._keys_LBKSE[layer, :, :, self.length : end] = keys_BKTE
        self._values_LBKSE[layer, :, :, self.length : end] = values_BKTE
        return self._keys_LBKSE[layer, :, :, :end], self._values_LBKSE[layer, :, :, :end]

    def rooms_for_one(self) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]:
        """Yield for every block of a single row where the next token's key and value go [K, E],
        and all keys and values up to it [K, S, E]: views, to be written in place.
        """
        assert self.length < self.capacity, "past the context: clear the cache and start again"
        here, end = self.length, self.length + 1
        keys_LKSE, values_LKSE = self._keys_LBKSE[:, 0], self._values_LBKSE[:, 0]
        return zip(
            keys_LKSE[:, :, here].unbind(0),
            values_LKSE[:, :, here].unbind(0),
            keys_LKSE[:, :, :end].unbind(0),
            values_LKSE[:, :, :end].unbind(0),
            strict=True,
        )

    def addresses(self) -> tuple[int, int]:
        """Return where all keys and all values begin in memory, each [L, B, K, S, E]."""
        return self._keys_LBKSE.data_ptr(), self._values_LBKSE.data_ptr()

    def advance(self, positions: int) -> None:
        """Count ``positions`` more as seen."""
        self.length += positions

    def clear(self) -> None:
        """Forget everything; the memory stays."""
        self.length = 0
