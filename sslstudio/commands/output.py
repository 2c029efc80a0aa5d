"""What a command prints on standard output: one JSON document, or lines of text; and how it can."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from sslstudio.events import finite


def answer(
    options: argparse.Namespace,
    document: Callable[[], Any],
    lines: Callable[[], Iterable[str]],
) -> int:
    """Print the document where ``--json`` asks for it, else the lines; returns exit status 0."""
    if options.json:
        print_document(document())
    else:
        print("\n".join(lines()))
    return 0


def print_document(document: Any) -> None:
    """Print ``document`` as JSON; what is no finite number becomes null."""
    print(json.dumps(finite(document), ensure_ascii=False, allow_nan=False, indent=1))


def spell_anything(as_json: bool) -> None:
    """Let no character be unprintable: JSON is UTF-8, other text is escaped where it must be."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if as_json and stream is sys.stdout else stream.encoding
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def forget_output() -> None:
    """Point the output elsewhere when its reader has gone, or Python would complain at exit."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            try:
                stream.flush()
            except OSError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
