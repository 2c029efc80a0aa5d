"""A file in memory, as readers are given one, and the small documents that other programs made."""

from __future__ import annotations

import io
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from sslstudio.corpora.encodings import utf8_stream
from sslstudio.corpora.reader import ReadOptions, Record
from sslstudio.registry import catalogue

DOCUMENTS = Path(__file__).parent / "documents"


class InMemory:
    """Bytes under a name."""

    def __init__(self, name: str, data: bytes, encoding: str = "auto") -> None:
        self.name, self.data, self.encoding = name, data, encoding
        self.suffix = PurePath(name).suffix

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)

    open_seekable = open

    def open_utf8(self) -> BinaryIO:
        return utf8_stream(self.open(), self.encoding)


def read(
    name: str, data: bytes, column: str = "auto", encoding: str = "auto"
) -> tuple[list[Record], list[str]]:
    """Return the records and what was reported."""
    file = InMemory(name, data, encoding)
    reports: list[str] = []
    reader: Any = next(
        entry.cls
        for entry in catalogue("readers").values()
        if file.suffix in entry.facts["extensions"]
    )
    found = list(reader().records(file, ReadOptions(column=column), reports.append))
    return found, reports


def document(name: str) -> bytes:
    """Return one of the small documents."""
    return (DOCUMENTS / name).read_bytes()
