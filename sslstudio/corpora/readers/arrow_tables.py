"""Parquet and Arrow: columns of texts, read a few rows at a time and only the one that is wanted.

Of Arrow both forms, the file and the stream, as ``datasets`` writes it. A column holds texts,
or has them inside lists and records (``nested_texts``). Costs about
10 ms a megabyte; holds some hundred rows, save that Parquet unpacks a page of a column at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from sslstudio.corpora.columns import TITLES, guess_column
from sslstudio.corpora.extraction.nested_texts import Leaf, leaves
from sslstudio.corpora.extraction.tidy import one_line
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.corpora.readers.table import wanted_column
from sslstudio.corpora.unpacking import brief
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
        except _broken_by(pa) as error:
            raise self._unreadable(error) from error

    def columns(self, file: InputFile) -> dict[str, list[str]]:
        """Return the texts of each column in the first rows."""
        import pyarrow as pa

        try:
            with file.open_seekable() as stream:
                schema, batches_of = self._opened(pa, stream)
                return _samples(leaves(schema), batches_of)
        except _broken_by(pa) as error:
            raise self._unreadable(error) from error

    def _read(
        self, pa: Any, stream: Any, asked: str, report: Callable[[str], None]
    ) -> Iterator[Record]:
        schema, batches_of = self._opened(pa, stream)
        known = leaves(schema)
        if not known:
            raise CorpusError("has no column of texts: choose another file")
        if asked == "auto":
            column = guess_column(_samples(known, batches_of)) or next(iter(known))
        else:
            column = wanted_column(asked, list(known))
        by_name = {name.casefold(): name for name in reversed(known)}
        title = next((by_name[name] for name in TITLES if name in by_name), column)
        empty = 0
        for batch in batches_of(sorted({known[column].column, known[title].column})):
            texts = known[column].texts_of(batch)
            titles = known[title].texts_of(batch) if title != column else [""] * len(texts)
            for text, name in zip(texts, titles, strict=True):
                if text and not text.isspace():
                    yield Record(text, one_line(name or ""))
                else:
                    empty += 1
        if empty:
            rows = "row has" if empty == 1 else "rows have"
            report(f"{empty} {rows} no text in {column}: choose another column if that is much")

    def _unreadable(self, error: Exception) -> CorpusError:
        return CorpusError(f"is no {self._what} that can be read ({brief(error)}): save it again")

    def _opened(self, pa: Any, stream: Any) -> tuple[Any, Callable[[list[str]], Iterator[Any]]]:
        raise NotImplementedError


@register("readers", "parquet", extensions=(".parquet", ".pq"), version=2, columns=True)
class ParquetReader(_ArrowReader):
    """Reads Parquet."""

    _what = "Parquet file"

    def _opened(self, pa: Any, stream: Any) -> tuple[Any, Callable[[list[str]], Iterator[Any]]]:
        import pyarrow.parquet as pq

        table = pq.ParquetFile(stream)
        _check_sizes(table.metadata)

        def batches_of(names: list[str]) -> Iterator[Any]:
            yield from table.iter_batches(batch_size=_ROWS, columns=names)

        return table.schema_arrow, batches_of


@register("readers", "arrow", extensions=(".arrow", ".feather", ".ipc"), version=2, columns=True)
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

        def batches_of(_names: list[str]) -> Iterator[Any]:
            reader = opened()
            if hasattr(reader, "num_record_batches"):
                whole = (reader.get_batch(i) for i in range(reader.num_record_batches))
            else:
                whole = iter(reader)
            for batch in whole:
                batch.validate(full=True)  # or offsets that lead outside end the process
                for first in range(0, batch.num_rows, _ROWS):
                    yield batch.slice(first, _ROWS)

        return opened().schema, batches_of


def _check_sizes(metadata: Any) -> None:
    for number in range(metadata.num_row_groups):
        if metadata.row_group(number).total_byte_size > _LARGEST_COLUMN_BYTES:
            raise CorpusError("has a row group of more than 4 GiB: write it with smaller ones")


def _broken_by(pa: Any) -> tuple[type[Exception], ...]:
    """Return what pyarrow raises over broken files."""
    return (pa.ArrowException, OSError, ValueError, TypeError, KeyError, IndexError)


def _samples(
    known: dict[str, Leaf], batches_of: Callable[[list[str]], Iterator[Any]]
) -> dict[str, list[str]]:
    """Return the texts of the first rows."""
    batch = next(iter(batches_of(sorted({leaf.column for leaf in known.values()}))), None)
    if batch is None:
        return {name: [] for name in known}
    head = batch.slice(0, _SAMPLE_ROWS)
    return {name: [t for t in leaf.texts_of(head) if t] for name, leaf in known.items()}
