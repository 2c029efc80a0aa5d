"""What the user prefers about the studio itself, kept between sessions in one ini file.

Nothing here decides what is trained: that is the recipe. The file stands in the user's
configuration folder, or in the folder that ``SSLSTUDIO_SETTINGS`` names (tests use that).
Values are stored as JSON, so that a list of one stays a list. Reading costs microseconds.
"""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QByteArray, QSettings


def settings_file() -> Path:
    """Return where the settings are kept."""
    folder = os.environ.get("SSLSTUDIO_SETTINGS") or platformdirs.user_config_dir("sslstudio")
    return Path(folder) / "studio.ini"


@functools.cache
def _store(path: str) -> QSettings:
    return QSettings(path, QSettings.Format.IniFormat)


def _current() -> QSettings:
    return _store(str(settings_file()))


def _read(key: str) -> Any:
    text = _current().value(key)
    if not isinstance(text, str):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def text(key: str, default: str = "") -> str:
    """Return a stored text, or ``default`` where there is none or it is no text."""
    value = _read(key)
    return value if isinstance(value, str) else default


def number(key: str, default: float) -> float:
    """Return a stored number, or ``default``."""
    value = _read(key)
    return float(value) if isinstance(value, int | float) else default


def flag(key: str, default: bool = False) -> bool:
    """Return a stored yes or no, or ``default``."""
    value = _read(key)
    return value if isinstance(value, bool) else default


def texts(key: str) -> list[str]:
    """Return a stored list of texts; empty where there is none."""
    value = _read(key)
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def remember(key: str, value: str | float | bool | list[str]) -> None:
    """Store a value; it reaches the disk when Qt next turns idle, or at :func:`flush`."""
    _current().setValue(key, json.dumps(value))


def state(key: str) -> QByteArray:
    """Return a stored geometry or splitter state; empty where there is none."""
    return QByteArray.fromBase64(QByteArray(text(key).encode("ascii")))


def remember_state(key: str, value: QByteArray) -> None:
    """Store a geometry or splitter state."""
    remember(key, bytes(value.toBase64().data()).decode("ascii"))


def flush() -> None:
    """Write what is pending to the disk."""
    _current().sync()
