"""What a file that is not UTF-8 may be: a guess with the lines that show whether it is right.

Beside ``encodings``; the studio asks once a source and the user decides, for a guess can be wrong
(hazards no. 17). Only lines that are not plain ASCII tell anything: up to 64 KB of those are
looked at, from the first 16 MB of a file. Costs about 0.1 s.
"""

from __future__ import annotations

import dataclasses
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sslstudio.corpora.encodings import utf8_stream
from sslstudio.corpora.input_file import file_on_disk
from sslstudio.corpora.inspection import unreadable
from sslstudio.corpora.kinds import kind_of
from sslstudio.corpora.unpacking import Budget
from sslstudio.errors import CorpusError

# the usual ones where the guess is wrong, most used first
COMMON = (
    "windows-1252",
    "windows-1251",
    "windows-1250",
    "iso-8859-15",
    "mac-roman",
    "cp437",
    "koi8-r",
    "shift_jis",
    "euc-jp",
    "gb18030",
    "big5",
    "euc-kr",
    "utf-16-le",
)
# whose bytes are characters throughout; the others have encodings of their own
_READERS_OF_TEXT = {"text", "markdown", "code", "jsonl", "json", "table", "subtitles"}
_SAMPLE_BYTES = 2**16
_LOOKED_BYTES = 2**24
_LONGEST_LINE_BYTES = 2**12
_SHOWN_LINES = 5
_SHOWN_CHARACTERS = 120
_ALTERNATIVES = 4


@dataclasses.dataclass(frozen=True)
class Reading:
    """How a file reads in one encoding.

    Attributes:
        encoding: to be set as the source's ``encoding``.
        language: that charset-normalizer took it for, or empty.
        lines: some that are not plain ASCII, as they would be read.
    """

    encoding: str
    language: str
    lines: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class EncodingSuggestion:
    """What a file may be.

    Attributes:
        path: of the file that was looked at.
        encoding: the most likely; "utf-8" where it is that, empty where nothing fits.
        readings: the most likely first, each different from the others.
    """

    path: Path
    encoding: str
    readings: tuple[Reading, ...]


def suggest(path: Path) -> EncodingSuggestion:
    """Return what ``path`` may be; of a folder, its first file that is not UTF-8.

    Raises:
        CorpusError: it cannot be read.
    """
    try:
        file = _first_foreign(path) if path.is_dir() else path
        sample = _telling_lines(file)
    except OSError as error:
        raise CorpusError(unreadable(path, error)) from error
    if not sample:
        return EncodingSuggestion(file, "utf-8", ())
    readings = list(_different(sample, _guessed(sample)))[:_ALTERNATIVES]
    best = readings[0].encoding if readings else ""
    return EncodingSuggestion(file, best, tuple(readings))


def likely_encoding(path: Path) -> str:
    """Return the most likely encoding of ``path``, or an empty string."""
    try:
        return suggest(path).encoding
    except CorpusError:
        return ""


def _first_foreign(folder: Path) -> Path:
    """Return the first file below ``folder`` with lines that are not UTF-8, or ``folder``."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            kind = kind_of(name)
            is_text = kind.is_known and not kind.archive and kind.reader.name in _READERS_OF_TEXT
            if is_text and not name.startswith(".") and _telling_lines(Path(place, name)):
                return Path(place, name)
    return folder


def _telling_lines(path: Path) -> bytes:
    """Return lines of ``path`` that are neither ASCII nor UTF-8, up to some kilobytes."""
    if path.is_dir() or kind_of(path.name).archive:
        return b""
    sample = b""
    with _opened(path) as file:
        looked_bytes = 0
        while looked_bytes < _LOOKED_BYTES and len(sample) < _SAMPLE_BYTES:
            line = file.readline(_LONGEST_LINE_BYTES)
            if not line:
                break
            looked_bytes += len(line)
            if not line.isascii():
                sample += line
    try:
        with utf8_stream(io.BytesIO(sample[:_SAMPLE_BYTES]), "auto") as text:
            text.read()
    except CorpusError:
        return sample
    return b""


def _opened(path: Path) -> BinaryIO:
    budget = Budget(path.stat().st_size)
    return file_on_disk(path, kind_of(path.name), path.name, budget=budget).open()


def _guessed(sample: bytes) -> list[tuple[str, str]]:
    """Return encodings with their languages, the most likely first."""
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, steps=8, chunk_size=1024)
    best = matches.best()
    if best is None:
        return []
    others = [match for match in matches if match is not best]
    language = {"Unknown": "", "English": ""}
    return [
        (match.encoding.replace("_", "-"), language.get(match.language, match.language))
        for match in (best, *others)
    ]


def _different(sample: bytes, guessed: list[tuple[str, str]]) -> Iterator[Reading]:
    """Yield readings of ``sample``, each with other lines than those before."""
    seen: set[tuple[str, ...]] = set()
    for encoding, language in [*guessed, *((name, "") for name in COMMON)]:
        try:
            text = sample.decode(encoding)
        except (UnicodeError, LookupError):
            text = _decoded_to_last_line(sample, encoding)
        lines = tuple(_shown(text))
        if lines and lines not in seen:
            seen.add(lines)
            yield Reading(encoding, language, lines)


def _decoded_to_last_line(sample: bytes, encoding: str) -> str:
    """Return the sample without what a cut at its end may have broken, or an empty string."""
    try:
        return sample[: sample.rfind(b"\n") + 1].decode(encoding)
    except (UnicodeError, LookupError):
        return ""


def _shown(text: str) -> Iterator[str]:
    shown = 0
    for line in text.split("\n"):
        if shown < _SHOWN_LINES and not line.isascii():
            shown += 1
            yield "".join(c if c.isprintable() else "�" for c in line.strip())[:_SHOWN_CHARACTERS]
