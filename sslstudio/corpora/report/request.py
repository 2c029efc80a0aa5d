"""What a report is asked for, as one value that travels to the process that makes it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from sslstudio.recipe import CorpusSource, DataOptions


@dataclasses.dataclass(frozen=True)
class Request:
    """One request.

    Attributes:
        sources: in the order of the recipe; a weight of 0 is measured too.
        data: settings of the corpora together.
        purpose: a file of example texts, or an empty text.
        evaluation_files: files whose texts must not be in the corpora.
    """

    sources: tuple[CorpusSource, ...]
    data: DataOptions = DataOptions()
    purpose: str = ""
    evaluation_files: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values; paths are made absolute, for another process reads them."""
        plain = dataclasses.asdict(self)
        plain["evaluation_files"] = [str(Path(p).absolute()) for p in self.evaluation_files]
        plain["purpose"] = str(Path(self.purpose).absolute()) if self.purpose else ""
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Request:
        """Return what :meth:`to_json` wrote down."""
        return cls(
            sources=tuple(source_from(source) for source in plain["sources"]),
            data=DataOptions(**plain["data"]),
            purpose=plain["purpose"],
            evaluation_files=tuple(plain["evaluation_files"]),
        )


def source_from(plain: dict[str, Any]) -> CorpusSource:
    """Return the source that ``dataclasses.asdict`` and JSON made plain."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()
    }
    return CorpusSource(**values)
