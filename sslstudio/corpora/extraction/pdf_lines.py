"""The lines of a PDF page with the places where they stand on it.

Below the reader of PDF. PDFium gives the letters of a page in the order in which they are drawn,
with a line end wherever the next one stands elsewhere; the boxes of the first and the last letter
of a line say where it stands. Costs some milliseconds a page. Knows nothing of paragraphs.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

# PDFium joins the halves of a divided word and writes one of these between them
_LINE_END = re.compile(r"\r\n|\r|\n|(?<=[\x02\ufffe])(?=\S)")


@dataclasses.dataclass(frozen=True, eq=False)
class Line:
    """One line of a page.

    Attributes:
        text: without trailing spaces.
        left: edge in points from the left of the page.
        right: edge, likewise.
        top: edge in points from the bottom of the page.
        height: of its first or its last letter in points, of the smaller; 0 where its place is
            not known.
        tallest: of the other one.
    """

    text: str
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    height: float = 0.0
    tallest: float = 0.0

    @property
    def has_place(self) -> bool:
        """Whether it is known where it stands."""
        return self.height > 0

    @property
    def letter_width(self) -> float:
        """Mean width of a letter in points."""
        return (self.right - self.left) / max(1, len(self.text.strip()))


def lines_of(page: Any) -> list[Line]:
    """Return the lines of a page of ``pypdfium2``; blank ones have no place.

    Raises:
        PdfiumError: the page is broken.
    """
    text_page = page.get_textpage()
    try:
        text = str(text_page.get_text_range())
        # some letters have no text or two units of it: then places cannot be told by counting
        has_places = len(text) == text_page.count_chars()
        lines, start = [], 0
        for end in _LINE_END.finditer(text + "\n"):
            lines.append(_line(text_page if has_places else None, text, start, end.start()))
            start = end.end()
        return lines
    finally:
        text_page.close()


def _line(text_page: Any, text: str, start: int, end: int) -> Line:
    words = text[start:end].rstrip()
    first = start + len(words) - len(words.lstrip())
    last = start + len(words) - 1
    if text_page is None or not words:
        return Line(words)
    left, first_bottom, _, first_top = text_page.get_charbox(first, loose=True)
    _, last_bottom, right, last_top = text_page.get_charbox(last, loose=True)
    heights = sorted((first_top - first_bottom, last_top - last_bottom))
    # text that runs upwards or from right to left has places of another kind
    return Line(words, left, right, first_top, *heights) if right > left else Line(words)
