"""Document: the unit of text that a corpus is made of.

First station behind the files: readers make documents, and the split, the tokenizer and the
shards take them. A document is never longer than ``LIMIT_BYTES`` of its file, so whoever holds
one holds little. Knows nothing of tokens, or of what the text is for.
"""

from __future__ import annotations

import dataclasses

LIMIT_BYTES = 16 * 2**20
_TITLE_CHARACTERS = 80


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """One piece of text with where it came from.

    Attributes:
        text: well-formed Unicode without a byte-order mark; lines end in ``\\n``.
        source: path of the file, or ``sample:NAME``.
        offset: byte in that file where the document, or the record that holds it, begins.
        title: what a list may call it: a heading, the record's own title, or the first line.
    """

    text: str
    source: str
    offset: int
    title: str = ""

    @property
    def heading(self) -> str:
        """The title, or else the first line that is not blank, cropped."""
        return self.title or first_line(self.text)


def first_line(text: str) -> str:
    """Return the first line of ``text`` that is not blank, at most 80 characters of it."""
    # only the beginning is looked at: the rest may be millions of characters without a newline
    line = text[:4096].lstrip().partition("\n")[0].rstrip()
    return line if len(line) <= _TITLE_CHARACTERS else line[: _TITLE_CHARACTERS - 1] + "…"


def well_formed(text: str) -> str:
    """Return ``text`` with lone surrogates (``"\\ud800"`` in JSON) replaced by U+FFFD.

    They have no UTF-8 form, so neither a tokenizer nor a file can hold them.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def with_plain_newlines(text: str) -> str:
    """Return ``text`` with the line ends of Windows and of old Macs turned into ``\\n``."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
