"""TokenShards: the ids of one side of a split on disk, mapped into memory, with boundaries.

Written once by the preparation, read by the sampler, the validation and the baselines. A stored
document is ``<bos> ids <eos>``; the documents stand one after the other in one file, so a row of
any length is one slice. Costs 2 bytes a token (4 above 65,536 ids), 8 a document, and no memory
that the system cannot take back. Knows no text.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sslstudio.storage import storage_guard

_SMALL_VOCABULARY = 2**16
_COPY_TOKENS = 2**20


@dataclasses.dataclass(frozen=True)
class TokenShards:
    """One side of a split.

    Attributes:
        ids: token ids, uint16 or uint32 [tokens].
        starts: first token of every document and one past the last, int64 [documents + 1].
        bytes: UTF-8 bytes of the text that the ids spell.
    """

    ids: NDArray[np.uint16] | NDArray[np.uint32]
    starts: NDArray[np.int64]
    bytes: int

    @classmethod
    def open(cls, folder: Path, side: str = "train") -> TokenShards:
        """Map the side ``train`` or ``validation`` of a prepared folder."""
        facts = json.loads((folder / f"{side}.json").read_bytes())
        ids = _mapped(folder / f"{side}.ids", np.dtype(facts["dtype"]), facts["tokens"])
        starts = _mapped(folder / f"{side}.starts", np.dtype("<i8"), facts["documents"] + 1)
        return cls(ids, starts, facts["bytes"])

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
    """

    def __init__(self, folder: Path, side: str, *, vocab_size: int, bos: int, eos: int) -> None:
        self.tokens = self.documents = self.bytes = 0
        self._folder, self._side = folder, side
        self._bos, self._eos = bos, eos
        self._dtype = np.dtype("<u2" if vocab_size <= _SMALL_VOCABULARY else "<u4")

    def __enter__(self) -> ShardWriter:
        """Create the files."""
        self._ids = (self._folder / f"{self._side}.ids").open("w+b")
        self._starts = (self._folder / f"{self._side}.starts").open("w+b")
        return self

    def begin(self) -> None:
        """Open a document."""
        self._note_start()
        self.documents += 1
        self.extend((self._bos,), 0)

    def extend(self, ids: Iterable[int] | NDArray[np.integer], size_bytes: int) -> None:
        """Append ids that spell ``size_bytes`` bytes of text to the open document."""
        array = np.asarray(ids, dtype=self._dtype)
        with storage_guard(self._folder):
            self._ids.write(array.tobytes())
        self.tokens += len(array)
        self.bytes += size_bytes

    def end(self) -> None:
        """Close the open document."""
        self.extend((self._eos,), 0)

    def repeat(self, document: int, byte_lengths: NDArray[np.int32]) -> None:
        """Append the stored document number ``document`` of this side once more."""
        with storage_guard(self._folder):
            self._ids.flush()
            self._starts.flush()
        bounds = np.fromfile(self._starts.name, "<i8", count=2, offset=8 * document)
        first = int(bounds[0])
        last = int(bounds[1]) if len(bounds) == 2 else self.tokens
        self._note_start()
        self.documents += 1
        for place in range(first, last, _COPY_TOKENS):
            count = min(_COPY_TOKENS, last - place)
            offset = place * self._dtype.itemsize
            ids = np.fromfile(self._ids.name, self._dtype, count=count, offset=offset)
            self.extend(ids, int(byte_lengths[ids].sum()))

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
                facts = {
                    "dtype": self._dtype.str,
                    "tokens": self.tokens,
                    "documents": self.documents,
                    "bytes": self.bytes,
                }
                (self._folder / f"{self._side}.json").write_text(json.dumps(facts), "utf-8")

    def _note_start(self) -> None:
        with storage_guard(self._folder):
            self._starts.write(np.int64(self.tokens).astype("<i8").tobytes())
