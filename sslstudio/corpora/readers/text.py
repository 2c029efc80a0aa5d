"""Plain text: a document is the file, a paragraph, a line, or what stands between separators.

A file too long for one document is cut at blank lines (see ``cutting``). Costs one pass. The
text is kept as it is, save the byte-order mark and the line ends of Windows and of old Macs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

from sslstudio.corpora.cutting import Cut, spans, spans_ahead
from sslstudio.corpora.document import Document, with_plain_newlines
from sslstudio.corpora.reader import AS_IT_COMES, InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register


@register(
    "readers",
    "text",
    extensions=(".txt", ".text", ".rst", ".adoc", ".org", ".tex", ".ltx", ".log"),
    version=1,
    direct=True,
    lines=True,
)
class TextReader:
    """Reads plain text.

    Attributes:
        automatic: what ``documents = "auto"`` means for this format.
    """

    automatic: ClassVar[str] = "file"

    def documents(
        self,
        path: Path,
        cut: Cut,
        *,
        start: int = 0,
        options: ReadOptions = AS_IT_COMES,
        report: Callable[[str], None],
    ) -> Iterator[Document]:
        """Yield the documents of ``path`` from byte ``start`` on, in the order of the file.

        Args:
            path: a file that was found to be UTF-8.
            cut: how one document ends; "record" is a line here.
            start: 0, or the offset of one of its documents.
            options: of the source.
            report: told in words what was left out.

        Raises:
            CorpusError: the file changed while it was read.
        """
        delimiter = cut.resolved(self.automatic).delimiter
        with path.open("rb") as file:
            for offset, span in spans(file, delimiter, start=start):
                text = decoded(path, offset, span)
                if text and not text.isspace():
                    yield Document(text, str(path), offset)

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of ``file``, in pieces where it is too long for one document.

        Args:
            file: packed, or in an encoding of its own.
            options: have no say here.
            report: is told nothing.

        Raises:
            CorpusError: it is damaged, no text, or in another encoding.
        """
        with file.open_utf8() as stream:
            previous: bytes | None = None
            for _, span in spans_ahead(stream, None):
                if previous is not None:
                    yield Record(previous.decode("utf-8"), goes_on=True)
                previous = span
        if previous is not None:
            yield Record(previous.decode("utf-8"))


def decoded(path: Path, offset: int, span: bytes) -> str:
    """Return the text of ``span``, which begins at byte ``offset`` of ``path``."""
    try:
        return with_plain_newlines(span.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{path} changed while it was read (byte {offset + error.start} is no longer UTF-8): "
            "try again"
        ) from error
