"""The user's faults, and faults of the machine: one sentence each, with the remedy.

Lowest layer. Every message names the cause and says what to do next; the command line prints
it as one line and exits with ``exit_status``, the studio shows the same sentence on the page.
Our own faults are asserts and ordinary exceptions: they keep their traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SSLStudioError(Exception):
    """Something the user can mend. ``str(error)`` is one sentence: cause, then remedy."""

    exit_status = 2


class RecipeError(SSLStudioError):
    """A recipe holds an unknown key, or a value out of bounds."""


class CorpusError(SSLStudioError):
    """Text that cannot be read, is empty, or is too short."""


class RunError(SSLStudioError):
    """A run folder that is missing, locked, damaged, or from a newer release."""


class DeviceError(SSLStudioError):
    """A device or a precision that this machine does not have."""


class StorageError(SSLStudioError):
    """A disk that is full or may not be written."""


class ProcessError(SSLStudioError):
    """One of several processes that train together has failed, or has lost the others."""

    exit_status = 1


class UnsupportedError(SSLStudioError):
    """A combination that makes no sense, such as continuing text with an encoder."""


class Cancelled(Exception):  # noqa: N818 - a request that was granted, not an error
    """Raised inside long work when whoever asked for it no longer wants it."""


def nearest(word: str, words: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the closest of ``words``, or an empty string."""
    close = difflib.get_close_matches(word, list(words), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
