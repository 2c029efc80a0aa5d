"""What a reader is: the contract between files in any format and the documents made of them.

A reader is one file in ``corpora/readers/`` with a class under ``@register("readers", NAME,
extensions=…)``. It is given an :class:`InputFile`, which may be a file on disk, a member of an
archive, or what a decompressor gives, and yields the records in it; where those lie, what caps
apply and in which process it runs is not its business. Plain text, source code, Markdown and JSON
lines are read where they lie (``direct``); all other formats are taken in once (``taking_in``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import BinaryIO, ClassVar, Protocol


class InputFile(Protocol):
    """The bytes of one file, wherever they lie, under caps on bytes and on compression ratio.

    Attributes:
        name: what a person calls it: ``folder/a.zip!letters/b.docx``.
        suffix: lower case, with its dot, without those of compression: ``.docx``.
        encoding: what the source names for its text, or "auto".
    """

    name: str
    suffix: str
    encoding: str

    def open(self) -> BinaryIO:
        """Return the bytes from the beginning; may be read forward only."""

    def open_seekable(self) -> BinaryIO:
        """Return the bytes as a seekable file: the file itself, or held in memory.

        Raises:
            CorpusError: it lies in an archive and is larger than may be held.
        """

    def open_utf8(self) -> BinaryIO:
        """Return its text as UTF-8 bytes without byte-order mark, read forward only.

        Raises:
            CorpusError: while reading, where it is not in the encoding that the source names.
        """


@dataclasses.dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user chose for a source.

    Attributes:
        column: name of the column or field with the text, or "auto".
    """

    column: str = "auto"


AS_IT_COMES = ReadOptions()


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """One piece of text that a reader found; long ones are cut later.

    Attributes:
        text: any Unicode; lone surrogates, foreign line ends and byte-order marks are mended later.
        title: what a list may call it; may be empty.
        goes_on: whether the next record continues this very text, without a break between them.
    """

    text: str
    title: str = ""
    goes_on: bool = False


class Reader(Protocol):
    """Turns one format into records.

    Attributes:
        automatic: what ``documents = "auto"`` means: "file" (its records are parts of one text,
            such as chapters) or "record" (each stands for itself).

    What it is registered with: ``extensions``, lower case with their dots; ``version``, raised
    whenever the same file gives other records; ``direct`` where it also reads files in their
    place (``documents``); ``lines`` where ``documents = "record"`` means its lines; ``columns``
    where the text stands in a column, and then ``columns(file)`` gives texts of each.
    """

    automatic: ClassVar[str]

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the records of ``file`` in its order, holding one at a time.

        Args:
            file: not looked at yet; may be broken or hostile in any way.
            options: of the source.
            report: told in words what was left out, and why.

        Raises:
            CorpusError: the file cannot be read; the message is the end of a sentence that begins
                with its name: "is no ZIP file (…): save it again".
        """
