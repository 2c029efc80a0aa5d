"""Subtitles (SubRip, WebVTT, SubStation Alpha): what is said, without times, numbers and styles.

A cue is a line. Tags such as ``<i>`` and ``{\\an8}`` go; what the cue before said already, as in
rolling captions, is taken once. Costs next to nothing.
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
_ASS_TAGS = re.compile(r"\{[^{}]*\}")
_DRAWING = re.compile(r"\{[^{}]*\\p[1-9]")  # a picture, in figures
_LARGEST_BYTES = 64 * 2**20
_FIELDS = 9  # of an ASS event before its text, in the usual format


@register("readers", "subtitles", extensions=(".srt", ".vtt", ".ass", ".ssa"), version=2)
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
        before: list[str] = []
        for cue in _ass_cues(lines) if is_ass else _timed_cues(lines):
            plain = [text for line in cue if (text := _plain(line, is_ass))]
            new = _without_rolled(plain, before)
            if new:
                said.append(" ".join(new))
            before = plain or before
        if not said:
            raise CorpusError("holds no subtitles: choose another file")
        yield Record("\n".join(said))


def _plain(line: str, is_ass: bool) -> str:
    tags = _ASS_TAGS if is_ass else _TAGS
    return " ".join(html.unescape(tags.sub("", line)).split())


def _without_rolled(cue: list[str], before: list[str]) -> list[str]:
    """Return the lines of ``cue`` that do not stand on the screen already, rolled up."""
    for count in range(min(len(cue), len(before)), 0, -1):
        if cue[:count] == before[-count:]:
            return cue[count:]
    return cue


def _timed_cues(lines: list[str]) -> Iterator[list[str]]:
    """Yield the lines of each cue: those behind a line of times, up to a blank one."""
    cue: list[str] | None = None
    for line in [*lines, ""]:
        if _TIMES.match(line):
            if cue:
                # no blank line stands between: the last one is the number of this cue
                yield cue[:-1] if cue[-1].strip().isdecimal() else cue
            cue = []
        elif not line.strip():
            if cue:
                yield cue
            cue = None
        elif cue is not None:
            cue.append(line)


def _ass_cues(lines: list[str]) -> Iterator[list[str]]:
    fields = _FIELDS
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip() == "Format" and "Text" in value:
            fields = value.count(",")
        elif key.strip() == "Dialogue":
            parts = value.split(",", fields)
            if len(parts) > fields and not _DRAWING.search(parts[fields]):
                yield re.split(r"\\[Nn]", parts[fields].replace("\\h", " "))
