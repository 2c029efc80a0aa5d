"""Parquet and Arrow: columns of texts, read a few rows at a time and only the one that is wanted.

Of Arrow both forms, the file and the stream, as ``datasets`` writes it. A column holds texts,
plainly or by dictionary, or lists of texts, which become one text of several lines. Costs about
10 ms a megabyte; holds some hundred rows, save that Parquet unpacks a page of a column at a time.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from sslstudio.corpora.columns import TITLES, guess_column
from sslstudio.corpora.extraction.tidy import one_line
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.corpora.readers.table import wanted_column
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_ROWS = 256
_SAMPLE_ROWS = 100
_LARGEST_COLUMN_BYTES = 4 * 2**30


class _ArrowReader:
    automatic: ClassVar[str] = "record"
    _what = ""

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of every row; see :class:`sslstudio.corpora.reader.Reader`."""
        import pyarrow as pa

        try:
            with file.open_seekable() as stream:
                yield from self._read(pa, stream, options.column, report)
        except (pa.ArrowException, OSError, ValueError, TypeError, KeyError) as error:
            reason = " ".join(str(error).split())[:120]
            raise CorpusError(
                f"is no {self._what} that can be read ({reason}): save it again"
            ) from error

    def columns(self, file: InputFile) -> dict[str, list[str]]:
        """Return the texts of each column in the first rows."""
        import pyarrow as pa

        try:
            with file.open_seekable() as stream:
                schema, batches_of = self._opened(pa, stream)
                names = [field.name for field in schema if _holds_texts(pa, field.type)]
                return _samples(next(iter(batches_of(names)), None), names)
        except (pa.ArrowException, OSError, ValueError, TypeError, KeyError) as error:
            reason = " ".join(str(error).split())[:120]
            raise CorpusError(f"is no {self._what} that can be read ({reason})") from error

    def _read(
        self, pa: Any, stream: Any, asked: str, report: Callable[[str], None]
    ) -> Iterator[Record]:
        schema, batches_of = self._opened(pa, stream)
        names = [field.name for field in schema if _holds_texts(pa, field.type)]
        if not names:
            raise CorpusError("has no column of texts: choose another file")
        column = wanted_column(asked, names) if asked != "auto" else ""
        if not column:
            sample = next(iter(batches_of(names)), None)
            if sample is None:
                return
            column = guess_column(_samples(sample, names)) or names[0]
        title = next((n for wanted in TITLES for n in names if n.casefold() == wanted), "")
        wanted = [column, title] if title and title != column else [column]
        empty = 0
        for batch in batches_of(wanted):
            titles = _texts(batch.column(wanted[-1])) if len(wanted) > 1 else itertools.repeat("")
            for text, name in zip(_texts(batch.column(column)), titles, strict=False):
                if text and not text.isspace():
                    yield Record(text, one_line(name or ""))
                else:
                    empty += 1
        if empty:
            report(f"{empty} rows have no text in {column}: they are left out")

    def _opened(self, pa: Any, stream: Any) -> tuple[Any, Callable[[list[str]], Iterator[Any]]]:
        raise NotImplementedError


@register("readers", "parquet", extensions=(".parquet", ".pq"), version=1, columns=True)
class ParquetReader(_ArrowReader):
    """Reads Parquet."""

    _what = "Parquet file"

    def _opened(self, pa: Any, stream: Any) -> tuple[Any, Callable[[list[str]], Iterator[Any]]]:
        import pyarrow.parquet as pq

        table = pq.ParquetFile(stream)
        _check_sizes(table.metadata)

        def batches_of(names: list[str]) -> Iterator[Any]:
            # a name that holds a dot would be taken for a path, so batches are cut by schema name
            yield from table.iter_batches(batch_size=_ROWS, columns=names)

        return table.schema_arrow, batches_of


@register("readers", "arrow", extensions=(".arrow", ".feather", ".ipc"), version=1, columns=True)
class ArrowReader(_ArrowReader):
    """Reads Arrow's own files and streams."""

    _what = "Arrow file"

    def _opened(self, pa: Any, stream: Any) -> tuple[Any, Callable[[list[str]], Iterator[Any]]]:
        def opened() -> Any:
            stream.seek(0)
            try:
                return pa.ipc.open_file(stream)
            except pa.ArrowInvalid:
                stream.seek(0)
                return pa.ipc.open_stream(stream)

        def batches_of(names: list[str]) -> Iterator[Any]:
            reader = opened()
            if hasattr(reader, "num_record_batches"):
                whole = (reader.get_batch(i) for i in range(reader.num_record_batches))
            else:
                whole = iter(reader)
            for batch in whole:
                batch.validate(full=True)  # or offsets that lead outside end the process
                for first in range(0, batch.num_rows, _ROWS):
                    yield batch.slice(first, _ROWS).select(names)

        return opened().schema, batches_of


def _check_sizes(metadata: Any) -> None:
    for number in range(metadata.num_row_groups):
        if metadata.row_group(number).total_byte_size > _LARGEST_COLUMN_BYTES:
            raise CorpusError("has a row group of more than 4 GiB: write it with smaller ones")


def _holds_texts(pa: Any, kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _samples(batch: Any, names: list[str]) -> dict[str, list[str]]:
    """Return the texts of the first rows of ``batch``; nothing where there is none."""
    if batch is None:
        return {name: [] for name in names}
    texts = {name: _texts(batch.column(name).slice(0, _SAMPLE_ROWS)) for name in names}
    return {name: [text for text in values if text] for name, values in texts.items()}


def _texts(column: Any) -> list[str | None]:
    """Return the values of a column; a list of texts as one text."""
    return [
        "\n".join(str(part) for part in value if part) if isinstance(value, list) else value
        for value in column.to_pylist()
    ]
