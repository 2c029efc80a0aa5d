"""TokenShards: the ids of one side of a split on disk, mapped into memory, with boundaries.

Written once by the preparation, read by the sampler, the validation and the baselines. A stored
document is ``<bos> ids <eos>``; the documents stand one after the other in one file, so a row of
any length is one slice. Costs 2 bytes a token (4 above 65,536 ids), 8 a document, and no memory
that the system cannot take back. The documents of a source lie together. Knows no text.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sslstudio.storage import storage_guard

_SMALL_VOCABULARY = 2**16
_BUFFER_BYTES = 2**18


@dataclasses.dataclass(frozen=True)
class TokenShards:
    """One side of a split.

    Attributes:
        ids: token ids, uint16 or uint32 [tokens].
        starts: first token of every document and one past the last, int64 [documents + 1].
        bytes: UTF-8 bytes of the text that the ids spell.
        source_tokens: tokens of each source, one after the other; none in shards of an older
            format, where weights were copies and the sources are one stream.
    """

    ids: NDArray[np.uint16] | NDArray[np.uint32]
    starts: NDArray[np.int64]
    bytes: int
    source_tokens: tuple[int, ...] = ()

    @classmethod
    def open(cls, folder: Path, side: str = "train") -> TokenShards:
        """Map the side ``train`` or ``validation`` of a prepared folder."""
        facts = json.loads((folder / f"{side}.json").read_bytes())
        ids = _mapped(folder / f"{side}.ids", np.dtype(facts["dtype"]), facts["tokens"])
        starts = _mapped(folder / f"{side}.starts", np.dtype("<i8"), facts["documents"] + 1)
        return cls(ids, starts, facts["bytes"], tuple(facts.get("source_tokens", ())))

    @property
    def tokens(self) -> int:
        """Number of ids, markers included."""
        return len(self.ids)

    @property
    def documents(self) -> int:
        """Number of stored documents."""
        return len(self.starts) - 1


def _mapped(path: Path, dtype: np.dtype[Any], length: int) -> NDArray[Any]:
    if length == 0:  # an empty file cannot be mapped
        return np.empty(0, dtype=dtype)
    return np.memmap(path, dtype=dtype, mode="r", shape=(length,))


class ShardWriter:
    """Appends documents to one side; a context manager that closes with the counts written.

    Args:
        folder: exists.
        side: "train" or "validation".
        vocab_size: decides the width of an id.
        bos, eos: what every document is put between.
        state: a :attr:`state` that was synced before, to go on from there; what was written
            beyond it is cut off.
    """

    def __init__(
        self,
        folder: Path,
        side: str,
        *,
        vocab_size: int,
        bos: int,
        eos: int,
        state: Mapping[str, Any] | None = None,
    ) -> None:
        self.tokens = self.documents = self.bytes = 0
        self.source_tokens: list[int] = []
        self._folder, self._side = folder, side
        self._dtype = np.dtype("<u2" if vocab_size <= _SMALL_VOCABULARY else "<u4")
        self._bos, self._eos = (np.array([i], self._dtype).tobytes() for i in (bos, eos))
        self._goes_on = state is not None
        if state is not None:
            self.tokens, self.documents = state["tokens"], state["documents"]
            self.bytes, self.source_tokens = state["bytes"], list(state["source_tokens"])

    def __enter__(self) -> ShardWriter:
        """Create the files, or cut them back to where they go on."""
        with storage_guard(self._folder):
            self._ids = self._opened("ids", self.tokens * self._dtype.itemsize)
            self._starts = self._opened("starts", self.documents * 8)
        return self

    @property
    def state(self) -> dict[str, Any]:
        """How far the side is written, between two documents."""
        return {
            "tokens": self.tokens,
            "documents": self.documents,
            "bytes": self.bytes,
            "source_tokens": list(self.source_tokens),
        }

    def sizes(self) -> dict[str, int]:
        """Return how many bytes each file has, once it is synced."""
        return {
            f"{self._side}.ids": self.tokens * self._dtype.itemsize,
            f"{self._side}.starts": self.documents * 8,
        }

    def begin(self) -> None:
        """Open a document."""
        self._note_start()
        self.documents += 1
        self._write(self._bos, 1)

    def extend(self, ids: Sequence[int] | NDArray[np.integer], size_bytes: int) -> None:
        """Append ids that spell ``size_bytes`` bytes of text to the open document."""
        self._write(np.asarray(ids, dtype=self._dtype).tobytes(), len(ids))
        self.bytes += size_bytes

    def end(self) -> None:
        """Close the open document."""
        self._write(self._eos, 1)

    def end_source(self) -> None:
        """Note that the documents of a source end here."""
        self.source_tokens.append(self.tokens - sum(self.source_tokens))

    def sync(self) -> None:
        """Bring everything written so far onto the disk."""
        with storage_guard(self._folder):
            for file in (self._ids, self._starts):
                file.flush()
                os.fsync(file.fileno())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files, and describe them where nothing went wrong."""
        with storage_guard(self._folder):
            if kind is None:
                self._note_start()
            self._ids.close()
            self._starts.close()
            if kind is None:
                facts = {"dtype": self._dtype.str, **self.state}
                (self._folder / f"{self._side}.json").write_text(json.dumps(facts), "utf-8")

    def _opened(self, kind: str, size: int) -> BinaryIO:
        path = self._folder / f"{self._side}.{kind}"
        file = path.open("r+b" if self._goes_on else "w+b", buffering=_BUFFER_BYTES)
        file.truncate(size)
        file.seek(size)
        return file

    def _write(self, content: bytes, tokens: int) -> None:
        with storage_guard(self._folder):
            self._ids.write(content)
        self.tokens += tokens

    def _note_start(self) -> None:
        with storage_guard(self._folder):
            self._starts.write(self.tokens.to_bytes(8, "little"))
