"""Random access to the documents of a source, for reading and searching on screen.

Beside the overview. One pass notes where each document begins (16 bytes each); a document is read
again from there through its own reader, so what is shown is what is trained on. Opening costs one
pass over the files, a document some microseconds to milliseconds, a search at most one more pass.
Holds no text.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

from sslstudio.corpora.document import Document
from sslstudio.corpora.listing import Progress
from sslstudio.corpora.reading import Skipped, documents_of, list_files, sound_files
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource


def _never() -> bool:
    return False


def _ignore(_skipped: Skipped) -> None:
    """The overview reports what is skipped."""


def _silent(_done_bytes: int, _total_bytes: int) -> None:
    """Report to nobody."""


class DocumentIndex:
    """The documents of one source by number.

    Args:
        source: of a recipe.
        cancelled: asked several times a second.
        on_progress: (done, total) in bytes while the files are looked at and taken in.

    Raises (constructor):
        CorpusError: the source is missing, unreadable, or holds nothing but blank text.
        Cancelled: ``cancelled()`` said so.
    """

    def __init__(
        self,
        source: CorpusSource,
        cancelled: Callable[[], bool] = _never,
        on_progress: Progress = _silent,
    ) -> None:
        self._source = source
        listed = list_files(source, cancelled=cancelled)
        sound = sound_files(source, listed, cancelled=cancelled, on_progress=on_progress)
        self._files = sound.files
        self._file_numbers = array("L")
        self._offsets = array("q")
        self._ordinals = array("L")  # of the documents that begin in the same record
        for number, path in enumerate(self._files):
            self._note(number, path, cancelled)
        if not self._offsets:
            raise CorpusError(f"{source.path} holds nothing but blank text: add some")

    def __len__(self) -> int:
        """Number of documents."""
        return len(self._offsets)

    def __getitem__(self, index: int) -> Document:
        """Return the document ``index``, from 0.

        Raises:
            IndexError: there are not so many.
            CorpusError: the file went away, or became shorter.
        """
        index = range(len(self))[index]
        path = self._files[self._file_numbers[index]]
        following = self._read(path, self._offsets[index], _never)
        for ordinal, document in enumerate(following):
            if ordinal == self._ordinals[index]:
                return document
        raise CorpusError(f"{path} changed since it was opened: open it again")

    def find(self, text: str, start: int = 0, cancelled: Callable[[], bool] = _never) -> int | None:
        """Return the first document from ``start`` on that contains ``text``, or None.

        Upper and lower case are the same; the search does not go round.
        """
        wanted = text.casefold()
        for index, document in self._from(start, cancelled):
            if wanted in document.text.casefold():
                return index
        return None

    def _note(self, number: int, path: Path, cancelled: Callable[[], bool]) -> None:
        last_offset, ordinal = -1, 0
        for document in self._read(path, 0, cancelled):
            ordinal = ordinal + 1 if document.offset == last_offset else 0
            last_offset = document.offset
            self._file_numbers.append(number)
            self._offsets.append(document.offset)
            self._ordinals.append(ordinal)

    def _from(self, start: int, cancelled: Callable[[], bool]) -> Iterator[tuple[int, Document]]:
        """Yield documents from number ``start`` on, reading each file once."""
        index = start
        while 0 <= index < len(self):
            number = self._file_numbers[index]
            first = index - self._ordinals[index]
            following = self._read(self._files[number], self._offsets[index], cancelled)
            for place, document in enumerate(following, start=first):
                if index <= place < len(self) and self._file_numbers[place] == number:
                    yield place, document
                    index = place + 1
            if index < len(self) and self._file_numbers[index] == number:
                raise CorpusError(
                    f"{self._files[number]} changed since it was opened: open it again"
                )

    def _read(self, path: Path, start: int, cancelled: Callable[[], bool]) -> Iterator[Document]:
        return documents_of(self._source, path, start=start, cancelled=cancelled, on_skip=_ignore)
