"""What was measured on this machine, kept in the cache: measured once, the same ever after.

A stopwatch says something else every time, and what it decides (threads, the kernel of attention)
decides the last digits of a run. So the first answer stands until the cache is emptied. A home
may be shared by several machines: each has its own entries. Notes that cannot be read count as
none, and a cache that cannot be written stops nobody.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
from typing import Any

import torch

from sslstudio.errors import SSLStudioError
from sslstudio.storage import UNREADABLE, cache_dir, write_atomically


def recall(name: str, key: str) -> Any:
    """Return what was noted under ``key`` in the notes ``name`` on this machine, or None."""
    return _read(name).get(_full(key))


def note(name: str, key: str, value: Any) -> None:
    """Keep ``value``, a plain one, for :func:`recall`."""
    with contextlib.suppress(SSLStudioError):
        known = {**_read(name), _full(key): value}
        write_atomically(cache_dir() / f"{name}.json", json.dumps(known))


def _read(name: str) -> dict[str, Any]:
    try:
        known = json.loads((cache_dir() / f"{name}.json").read_bytes())
    except UNREADABLE:
        return {}
    return known if isinstance(known, dict) else {}


def _full(key: str) -> str:
    machine = f"{platform.node()} {platform.processor()} {os.cpu_count()}"
    return f"{machine} torch {torch.__version__} {key}".rstrip()
