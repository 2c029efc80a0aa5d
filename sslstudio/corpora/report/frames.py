"""Messages between the processes of a report: some JSON and some bytes, each with its length.

Between ``children`` and ``child``. Nothing is pickled, so a child that went wrong can at worst
send wrong figures. Texts travel as one run of UTF-8 with their lengths, arrays of numbers as
little-endian bytes; both cost about 1 ms a megabyte.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

Message = tuple[dict[str, Any], bytes]
_HEADER = struct.Struct("<QQ")


def send(stream: BinaryIO, meta: dict[str, Any], body: bytes = b"") -> None:
    """Write one message.

    Raises:
        OSError: nobody reads any more.
    """
    head = json.dumps(meta, ensure_ascii=False).encode("utf-8", "surrogatepass")
    stream.write(_HEADER.pack(len(head), len(body)))
    stream.write(head)
    stream.write(body)
    stream.flush()


def receive(stream: BinaryIO) -> Message | None:
    """Read one message; None where the other side has gone."""
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    head_bytes, body_bytes = _HEADER.unpack(header)
    head, body = stream.read(head_bytes), stream.read(body_bytes)
    if len(head) < head_bytes or len(body) < body_bytes:
        return None
    return json.loads(head), body


def pack_texts(texts: Iterable[str]) -> tuple[list[int], bytes]:
    """Return the lengths of ``texts`` in bytes, and the bytes."""
    contents = [text.encode("utf-8", "surrogatepass") for text in texts]
    return [len(content) for content in contents], b"".join(contents)


def unpack_texts(lengths: Sequence[int], body: bytes) -> list[str]:
    """Return the texts that :func:`pack_texts` packed."""
    texts, start = [], 0
    for length in lengths:
        texts.append(body[start : start + length].decode("utf-8", "surrogatepass"))
        start += length
    return texts


def pack_arrays(arrays: Sequence[NDArray[Any]]) -> tuple[list[tuple[str, list[int]]], bytes]:
    """Return type and shape of ``arrays``, and their bytes."""
    described = [(array.dtype.str, list(array.shape)) for array in arrays]
    return described, b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)


def unpack_arrays(described: Sequence[Sequence[Any]], body: bytes) -> list[NDArray[Any]]:
    """Return the arrays that :func:`pack_arrays` packed; they cannot be written to."""
    arrays, start = [], 0
    for code, shape in described:
        kind, count = np.dtype(code), int(np.prod(shape))
        part = np.frombuffer(body, dtype=kind, count=count, offset=start)
        arrays.append(part.reshape(shape))
        start += count * kind.itemsize
    return arrays
