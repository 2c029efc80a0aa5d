"""Subtitles (SubRip, WebVTT, SubStation Alpha): what is said, without times, numbers and styles.

A cue is a line. Tags such as ``<i>`` and ``{\\an8}`` go; a cue that repeats the one before, as
rolling captions do, is taken once. Costs next to nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import ClassVar

from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_TIMES = re.compile(r"^[\d:., ]*\d[.,]\d+\s*-->")
_TAGS = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,400}\}")
_LARGEST_BYTES = 64 * 2**20
_FIELDS = 9  # of an ASS event before its text, in the usual format


@register("readers", "subtitles", extensions=(".srt", ".vtt", ".ass", ".ssa"), version=1)
class SubtitlesReader:
    """Reads subtitles."""

    automatic: ClassVar[str] = "file"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield all that is said as one text; see :class:`sslstudio.corpora.reader.Reader`."""
        with file.open_utf8() as stream:
            data = stream.read(_LARGEST_BYTES + 1)
        if len(data) > _LARGEST_BYTES:
            raise CorpusError("is larger than subtitles can be (64 MiB): split it")
        lines = (
            data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        )
        is_ass = file.suffix in (".ass", ".ssa")
        said: list[str] = []
        for cue in _ass_cues(lines) if is_ass else _timed_cues(lines):
            plain = " ".join(html.unescape(_TAGS.sub("", cue)).split())
            if plain and (not said or said[-1] != plain):
                said.append(plain)
        if not said:
            raise CorpusError("holds no subtitles: choose another file")
        yield Record("\n".join(said))


def _timed_cues(lines: list[str]) -> Iterator[str]:
    """Yield the cues: the lines behind a line of times, up to a blank one."""
    cue: list[str] | None = None
    for line in [*lines, ""]:
        if _TIMES.match(line):
            if cue:
                yield " ".join(cue)
            cue = []
        elif not line.strip():
            if cue:
                yield " ".join(cue)
            cue = None
        elif cue is not None:
            cue.append(line)


def _ass_cues(lines: list[str]) -> Iterator[str]:
    fields = _FIELDS
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip() == "Format" and "Text" in value:
            fields = value.count(",")
        elif key.strip() == "Dialogue":
            parts = value.split(",", fields)
            if len(parts) > fields:
                yield parts[fields].replace("\\N", " ").replace("\\n", " ").replace("\\h", " ")
