"""The lines that a child writes: one record each, with what has to be known of all of them.

Behind ``intake``, read again by ``documents``. What a broken member gave can be taken back. All
that is written is paid from a budget like all that is read, for a small table can hold gigabytes
of the same text (hazards no. 16); a look at the disk every 64 MB keeps the last half gigabyte of
it free. Costs about 6 ms a megabyte; holds one record.
"""

from __future__ import annotations

import hashlib
import io
import json.encoder
import shutil
from pathlib import Path
from typing import Any

from sslstudio.corpora.cutting import spans
from sslstudio.corpora.document import LIMIT_BYTES, well_formed, with_plain_newlines
from sslstudio.corpora.reader import Record
from sslstudio.corpora.taking_in.documents import UNIT_LINES
from sslstudio.corpora.unpacking import Budget
from sslstudio.errors import StorageError

SPARE_BYTES = 512 * 2**20
_LOOK_BYTES = 64 * 2**20
_quoted = json.encoder.encode_basestring  # as json.dumps does with ensure_ascii=False


class LineWriter:
    """The lines that are written, and what is known of them.

    Args:
        file: empty.
        path: of the file.
        budget: pays for the text.
    """

    def __init__(self, file: io.BufferedWriter, path: Path, budget: Budget) -> None:
        self._file = file
        self._path = path
        self._budget = budget
        self._digest = hashlib.sha256()
        self._size_bytes = 0
        self._looked_bytes = -_LOOK_BYTES
        self._units: frozenset[str] = frozenset()
        self.records = 0

    def write(self, record: Record, inner: str, unit: str) -> None:
        """Write ``record``, in pieces where it is too long for one document; not a blank one.

        Raises:
            TooLarge: this was more text than the file may hold.
            StorageError: the disk is nearly full.
        """
        text = with_plain_newlines(well_formed(record.text)).removeprefix("\ufeff")
        if not text or text.isspace():
            return
        fields: dict[str, Any] = {"unit": unit}
        if record.title:
            fields["title"] = " ".join(well_formed(record.title[:200]).split())[:80]
        if inner:
            fields["inner"] = well_formed(inner)
        pieces = _pieces(text)
        for piece in pieces[:-1]:
            self._put(piece, {**fields, "goes_on": True})
        self._put(pieces[-1], {**fields, "goes_on": True} if record.goes_on else fields)
        if unit not in self._units:
            self._units |= {unit}
        self.records += 1

    def mark(self) -> Any:
        """Return what :meth:`take_back` goes back to."""
        return self._size_bytes, self._digest.copy(), self._units, self.records

    def take_back(self, mark: Any) -> None:
        """Forget everything that was written since."""
        if self._size_bytes != mark[0]:
            self._file.flush()
            self._file.truncate(mark[0])
            self._file.seek(mark[0])
        self._size_bytes, self._digest, self._units, self.records = mark
        self._looked_bytes = min(self._looked_bytes, self._size_bytes)

    def facts(self) -> dict[str, Any]:
        """Return what is to be noted beside the lines."""
        units = sorted({"file" if unit == UNIT_LINES else unit for unit in self._units})
        return {
            "sha256": self._digest.hexdigest(),
            "size_bytes": self._size_bytes,
            "records": self.records,
            "automatic": units[0] if len(units) == 1 else "auto",
        }

    def _put(self, text: str, fields: dict[str, Any]) -> None:
        # by hand, for short records: making an encoder for each costs more than what it writes
        rest = "".join(f", {_quoted(k)}: {_json(v)}" for k, v in fields.items())
        line = f'{{"text": {_quoted(text)}{rest}}}\n'.encode()
        self._budget.spend(len(line))
        if self._size_bytes - self._looked_bytes >= _LOOK_BYTES:
            self._require_room()
        self._file.write(line)
        self._digest.update(line)
        self._size_bytes += len(line)

    def _require_room(self) -> None:
        free = shutil.disk_usage(self._path.parent).free
        if free < SPARE_BYTES:
            raise StorageError(
                f"cannot write {self._path.parent}: the disk has {free / 1e6:,.0f} MB left, and "
                f"{SPARE_BYTES / 1e6:,.0f} MB are kept free; free some space, or set "
                "SSLSTUDIO_CACHE to a folder elsewhere"
            )
        self._looked_bytes = self._size_bytes


def _json(value: str | bool) -> str:
    return _quoted(value) if isinstance(value, str) else "true"


def _pieces(text: str) -> list[str]:
    """Return ``text``, or the pieces of it that keep the limit of a document."""
    if len(text) * 4 <= LIMIT_BYTES:
        return [text]
    encoded = io.BytesIO(text.encode("utf-8"))
    return [span.decode("utf-8") for _, span in spans(encoded, None)]
