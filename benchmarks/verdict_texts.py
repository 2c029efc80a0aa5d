"""The texts on which the verdict is validated: taken from data sets and systems, or spoiled.

For ``verdict_cases``. Every function fills an empty folder and returns the path of a source.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.spoiled_texts import Spoil

_MOST_BYTES = 6_000_000


def write(folder: Path, texts: Iterator[str] | list[str]) -> str:
    """Write one document a line, and return the path."""
    path = folder / "texts.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for text in texts:
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
    return str(path)


def lines_of(folder: Path, archive: Path, *ends: str) -> str:
    """Take every line of the files in ``archive`` that end so as a document."""
    with zipfile.ZipFile(archive) as packed:
        texts = [
            line.strip()
            for name in packed.namelist()
            if name.endswith(ends)
            for line in packed.read(name).decode("latin-1").split("\n")
            if line.strip()
        ]
    return write(folder, texts)


def blimp(folder: Path, archive: Path) -> str:
    """Take the good sentence of every pair of BLiMP."""
    with zipfile.ZipFile(archive) as packed:
        texts = [
            json.loads(line)["sentence_good"]
            for name in packed.namelist()
            if name.endswith(".jsonl") and "MACOSX" not in name
            for line in packed.read(name).decode("utf-8").split("\n")
            if line.strip()
        ]
    return write(folder, texts)


def declaration(folder: Path, data: Path, *names: str) -> str:
    """Take the Declaration of Human Rights in some languages."""
    with zipfile.ZipFile(data / "corpora/udhr2.zip") as packed:
        for name in names:
            if f"udhr2/{name}.txt" in packed.namelist():
                text = io.TextIOWrapper(packed.open(f"udhr2/{name}.txt"), "utf-8").read()
                (folder / f"{name}.txt").write_text(text, "utf-8")
    return str(folder)


def some_files(folder: Path, root: Path | None, pattern: str, end: str = "") -> str | None:
    """Copy files in a fixed random order up to some megabytes; ``end`` is a new extension."""
    if root is None or not root.is_dir():
        return None
    paths = sorted({path.resolve() for path in root.glob(pattern) if path.is_file()})
    random.Random(1).shuffle(paths)
    size = 0
    for number, path in enumerate(paths):
        content = path.read_bytes()
        size += len(content) * (4 if path.suffix == ".gz" else 1)
        name = f"{number:05}-{path.name}" + (f".{end}" if end else "")
        if end == "txt.gz" or path.suffix == ".gz":
            name = f"{number:05}-{path.name.removesuffix('.gz')}.txt.gz"
        (folder / name).write_bytes(content)
        if size > _MOST_BYTES:
            break
    return str(folder) if paths else None


def newest(root: Path, pattern: str) -> Path | None:
    """Return the first folder of that name; None where there is none."""
    return next(iter(sorted(root.glob(pattern))), None)


def texts_of(path: Path) -> list[str]:
    """Return the documents of a file of JSON lines."""
    return [json.loads(line)["text"] for line in path.read_text("utf-8").split("\n") if line]


def spoiled_copy(folder: Path, path: Path, spoil: Spoil) -> str:
    """Write the documents of ``path``, spoiled."""
    return write(folder, spoil(texts_of(path), random.Random(7)))


def two_languages(folder: Path, english: Path, german: Path) -> str | None:
    """Write manual pages in German and as much English."""
    other = folder / "pages"
    other.mkdir()
    if some_files(other, german, "**/*.gz", "txt.gz") is None:
        return None
    pages = [gzip.decompress(p.read_bytes()).decode("utf-8", "replace") for p in other.iterdir()]
    size = sum(map(len, pages))
    texts, taken = texts_of(english), 0
    for text in texts:
        if taken > size:
            break
        pages.append(text)
        taken += len(text)
    return write(folder, pages)


def sample_copy(folder: Path, name: str, spoil: Spoil) -> str:
    """Write a sample of the studio, spoiled."""
    from sslstudio.corpora.reading import read_documents
    from sslstudio.recipe import CorpusSource

    documents = read_documents(
        (CorpusSource(path=f"sample:{name}"),), cancelled=lambda: False, on_skip=lambda _: None
    )
    texts, size = [], 0
    for document in documents:
        texts.append(document.text)
        size += len(document.text)
        if size > _MOST_BYTES // 3:
            break
    return write(folder, spoil(texts, random.Random(9)))


def sequences(folder: Path) -> str:
    """Write random sequences of four letters, as of DNA."""
    draw = random.Random(4)
    return write(folder, ["".join(draw.choices("ACGT", k=2000)) for _ in range(500)])
