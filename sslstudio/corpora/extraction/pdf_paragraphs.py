"""Paragraphs out of the lines of a PDF, as they were before they were laid out.

Between the lines (``pdf_lines``) and the reader. What stands at the top or bottom of more than half
of the pages, but for its numbers, is a running title and goes, as do page numbers. A line goes on
in the next unless there is room between them, the next is indented, marked or in larger letters, or
its first word would have fitted. Words divided at line ends are joined. Where places are not known,
lengths of lines must do. Costs about 10 µs a line.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from sslstudio.corpora.extraction.pdf_lines import Line
from sslstudio.corpora.extraction.tidy import tidy_lines

Page = Sequence[Line]
_EDGE_LINES = 2
_FEWEST_PAGES = 3
_WIDE_GAP = 1.3  # of the usual distance of lines
_OTHER_SIZE = 1.12
_INDENT_LETTERS = (0.8, 12)
_SLACK = 1.25  # capitals are wider than the mean letter
_FULL = 0.6  # of the usual length of a line
_WHOLE = 0.85
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")
_ROMAN = r"(?=[ivxlc])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_PAGE_NUMBER = re.compile(
    rf"\W*(?:(?:page|p\.|seite|s\.)\s*)?(?:\d{{1,5}}|{_ROMAN})(?:\s*(?:of|/|von)\s*\d{{1,5}})?\W*",
    re.I,
)
_HYPHENS = ("-", "\u00ad", "\u2010", "\ufffe", "\x02")  # PDFium writes the last two
_DIVISIONS = ("\u00ad", "\ufffe", "\x02")  # which no word has but where it is divided
_NEAR_LINES = 15
_COMPOUND = re.compile(r"\w+[-\u2010]\w+")
_LAST_WORD = re.compile(r"\w*$")
_FIRST_WORD = re.compile(r"\w*")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
# not dashes, which also stand in sentences, nor letters with a point, which begin names
_BULLET = re.compile(r"[•▪◦●○■□‣⁃∙·✓➢]\s|\(?(?:\d{1,2}[.)]|[a-z]\))\s")
_LEADER = re.compile(r"(?:[.·…]\s?){4,}\s*\w{1,6}$")
_IDEOGRAPH = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


def laid_back(pages: Sequence[Page]) -> str:
    """Return the text of ``pages`` in paragraphs."""
    bodies = [_Body(page) for page in _without_running_titles(pages)]
    lengths = [len(line.text) for body in bodies for line in body.lines if len(line.text) > 20]
    usual_length = statistics.median(lengths) if lengths else 0
    compounds = {c for page in pages for line in page for c in _COMPOUND.findall(line.text)}
    parts: list[str] = []
    last: Line | None = None
    for body in bodies:
        for number, line in enumerate(body.lines):
            if last is not None:
                end = body.break_before(number) if number else _break_between(last, line)
                end = _break_by_length(last, usual_length) if end is None else end
                parts.append(end or _joint(parts, line.text, compounds))
            parts.append(line.text.strip())
            last = line
    text = "".join(parts)
    for hyphen in _DIVISIONS:
        text = text.replace(hyphen, "")
    return tidy_lines(text)


class _Body:
    """The lines of one page that hold text, and what is usual among them."""

    def __init__(self, page: Page) -> None:
        self.lines = [line for line in page if line.text.strip()]
        self._is_behind_blank = {
            id(line) for blank, line in itertools.pairwise(page) if not blank.text.strip()
        }
        pitches = [a.top - b.top for a, b in itertools.pairwise(self.lines)]
        heights = [line.height for line in self.lines]
        near = [p for p, h in zip(pitches, heights, strict=False) if 0.5 * h < p < 2.5 * h]
        self._pitch = statistics.median_low(near) if near else 0.0

    def break_before(self, number: int) -> str | None:
        """Return what stands before a line: line ends, nothing where it goes on; None unknown."""
        before, line = self.lines[number - 1], self.lines[number]
        pitch = before.top - line.top
        if not (before.has_place and line.has_place):
            return "\n\n" if id(line) in self._is_behind_blank else None
        if pitch < 0.3 * line.height:  # the next column, or beside the line
            return _break_between(before, line)
        if _differ(before, line) or pitch > _WIDE_GAP * self._pitch * _taller(before, line):
            return "\n\n"
        if before.text.endswith(_DIVISIONS):
            return ""
        if _BULLET.match(line.text) or _LEADER.search(before.text):
            return "\n"
        if _is_indented(before, line):
            return "\n\n"
        return "" if self._is_full(number - 1) else "\n"

    def _is_full(self, number: int) -> bool:
        """Whether the first word of the next line would not have fitted behind a line."""
        line, following = self.lines[number : number + 2]
        edge, near_edge = self._edge(number, _NEAR_LINES), self._edge(number, 2)
        word = following.text.split(maxsplit=1)[0]
        letters = 1 if _IDEOGRAPH.match(word) else len(word)
        if edge - line.right < _SLACK * (letters + 1.5) * line.letter_width:
            return True
        # a word that goes on in the middle of a sentence, where lines are uneven
        is_long = line.right - line.left > _FULL * (near_edge - line.left)
        return is_long and word[0].islower() and not _SENTENCE_END.search(line.text)

    def _edge(self, number: int, count: int) -> float:
        """Return how far lines near by reach that begin where this one does, but for the longest.

        Args:
            number: of the line.
            count: how many lines before and behind it are near.
        """
        line = self.lines[number]
        near = self.lines[max(0, number - count) : number + count + 1]
        edges = sorted(o.right for o in near if abs(o.left - line.left) < 4 * line.height)
        return edges[-2] if len(edges) > 2 else edges[-1]


def _taller(before: Line, line: Line) -> float:
    """Return how much taller than usual the distance may be, where letters are."""
    return max(1.0, line.tallest / before.height, before.tallest / line.height)


def _differ(before: Line, line: Line) -> bool:
    """Whether all letters of one are larger than those of the other."""
    return max(before.height, line.height) > _OTHER_SIZE * min(before.tallest, line.tallest)


def _is_indented(before: Line, line: Line) -> bool:
    fewest, most = (letters * line.letter_width for letters in _INDENT_LETTERS)
    is_inside = fewest < line.left - before.left < most
    return is_inside and not _BULLET.match(before.text)


def _break_between(before: Line, line: Line) -> str | None:
    """Return what stands between the last line of a column or page and the first of the next."""
    if not (before.has_place and line.has_place):
        return None
    if _differ(before, line):
        return "\n\n"
    return "\n" if _BULLET.match(line.text) or _LEADER.search(before.text) else None


def _break_by_length(before: Line, usual_length: float) -> str:
    length = len(before.text)
    is_over = _SENTENCE_END.search(before.text) and length < _WHOLE * usual_length
    return "" if length >= _FULL * usual_length and not is_over else "\n\n"


def _joint(parts: list[str], following: str, compounds: set[str]) -> str:
    """Return what stands between two parts of a line; takes away the hyphen of a divided word."""
    before, following = parts[-1], following.strip()
    if before.endswith(_HYPHENS) and following[:1].islower():
        halves = _LAST_WORD.search(before[:-1]), _FIRST_WORD.match(following)
        first, second = (half.group() if half else "" for half in halves)
        if not {f"{first}-{second}", f"{first}\u2010{second}"} & compounds:
            parts[-1] = before[:-1]
        elif not before.endswith(("-", "\u2010")):
            parts[-1] = before[:-1] + "-"
        return ""
    is_ideographic = _IDEOGRAPH.match(following[:1]) and _IDEOGRAPH.match(before[-1:])
    return "" if is_ideographic else " "


def _without_running_titles(pages: Sequence[Page]) -> Iterator[list[Line]]:
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line.text) for line in _edges(page)})
    usual = {s for s, n in seen.items() if len(pages) >= _FEWEST_PAGES and n > len(pages) / 2}
    for page in pages:
        edges = {id(line) for line in _edges(page)}
        yield [
            line
            for line in page
            if not (
                id(line) in edges
                and (_shape(line.text) in usual or _PAGE_NUMBER.fullmatch(line.text))
            )
        ]


def _edges(page: Page) -> list[Line]:
    filled = [line for line in page if line.text.strip()]
    return filled[:_EDGE_LINES] + filled[_EDGE_LINES:][-_EDGE_LINES:]


def _shape(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()).casefold())
