"""Files for the tests of the corpora room: written, packed, and read as a source is."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import zstandard

from sslstudio.corpora.document import Document
from sslstudio.corpora.reading import Skipped, read_documents
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".zst": zstandard.ZstdCompressor().compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}


def written(path: Path, content: bytes | str) -> Path:
    """Write ``content`` and return its path; folders are made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_bytes(content))
    return path


def zipped(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of ``members`` by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return stream.getvalue()


def tarred(members: Mapping[str, bytes | str]) -> bytes:
    """Return a tar archive of ``members`` by name, in their order."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(_bytes(content))
            file.addfile(info, io.BytesIO(_bytes(content)))
    return stream.getvalue()


def documents_of(
    path: Path | str, skipped: list[Skipped] | None = None, **options: Any
) -> list[Document]:
    """Return the documents of a source at ``path``; what is left out goes to ``skipped``."""
    source = CorpusSource(path=str(path), **options)
    on_skip = (lambda _s: None) if skipped is None else skipped.append
    return list(read_documents((source,), cancelled=lambda: False, on_skip=on_skip))


def texts_of(path: Path | str, skipped: list[Skipped] | None = None, **options: Any) -> list[str]:
    """Return the texts of :func:`documents_of`."""
    return [document.text for document in documents_of(path, skipped, **options)]


def refusal(path: Path, **options: Any) -> str:
    """Return the one sentence that says why the source at ``path`` is not read."""
    with pytest.raises(CorpusError) as caught:
        texts_of(path, **options)
    sentence = str(caught.value)
    assert sentence.startswith(str(path))
    assert "\n" not in sentence
    return sentence


def _bytes(content: bytes | str) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content
