"""Members of a ZIP file that is one document (EPUB, DOCX, ODT), under caps.

Below the readers of such formats. A few kilobytes can be made to unpack to gigabytes (hazards no.
16), so a member is read in parts and given up beyond a size that no text has. Names are only
looked up and never become paths.
"""

from __future__ import annotations

import zipfile
from types import TracebackType
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from sslstudio.corpora import unpacking
from sslstudio.corpora.extraction.xml_names import BROKEN_XML, xml_fault
from sslstudio.corpora.reader import InputFile
from sslstudio.errors import CorpusError

MOST_BYTES = 256 * 2**20
_LARGEST_RATIO = 500
_SMALL_BYTES = 16 * 2**20
_CHUNK_BYTES = 2**20
_BROKEN = (*unpacking.BROKEN, KeyError, IndexError)
# what a file begins with that is no ZIP: Word 97 to 2003, and all that is locked by a password
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")


class ZippedDocument:
    """The members of ``file`` by name; a context manager.

    Args:
        file: a ZIP file.
        what: what it should have been, for errors: "a Word document".

    Raises (on entering):
        CorpusError: it is no ZIP file.
    """

    def __init__(self, file: InputFile, what: str) -> None:
        self._file, self._what = file, what
        self._left_bytes = 2 * MOST_BYTES

    def __enter__(self) -> ZippedDocument:
        """Read the list of members."""
        self._stream = self._file.open_seekable()
        try:
            if self._stream.read(len(_COMPOUND)) == _COMPOUND:
                raise CorpusError(
                    "is protected by a password, or of an older kind: save it as "
                    f"{self._what}, without a password"
                )
            self._zip = zipfile.ZipFile(self._stream)
            self.names = frozenset(self._zip.namelist())
        except CorpusError:
            self._stream.close()
            raise
        except _BROKEN as error:
            self._stream.close()
            raise self.broken(error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self._zip.close()
        self._stream.close()

    def read(self, name: str) -> bytes:
        """Return the bytes of a member.

        Raises:
            CorpusError: it is not there, damaged, or larger than any text.
        """
        parts: list[bytes] = []
        size = 0
        try:
            packed = max(1, self._zip.getinfo(name).compress_size)
            with self._zip.open(name) as member:
                while chunk := member.read(_CHUNK_BYTES):
                    parts.append(chunk)
                    size += len(chunk)
                    is_bomb = size > _SMALL_BYTES and size > _LARGEST_RATIO * packed
                    if is_bomb or size > min(MOST_BYTES, self._left_bytes):
                        raise CorpusError(
                            f"unpacks to more than a text can be ({size / 2**20:,.0f} MiB of "
                            f"{name}): it is not read"
                        )
        except _BROKEN as error:
            raise self.broken(error) from error
        self._left_bytes -= size
        return b"".join(parts)

    def xml(self, name: str) -> Element:
        """Return the root of a member that is XML, without following anything it refers to.

        Raises:
            CorpusError: it is not there, damaged, or no XML.
        """
        try:
            root: Element = ElementTree.fromstring(self.read(name), forbid_dtd=False)
        except BROKEN_XML as error:
            raise self.broken(xml_fault(error)) from error
        return root

    def broken(self, error: BaseException | str) -> CorpusError:
        """Return the sentence for a document that is not what its name says."""
        reason = unpacking.brief(error) if isinstance(error, BaseException) else error
        what = self._what.partition(" ")[2]
        return CorpusError(f"is no {what} that can be read ({reason}): save it again")
