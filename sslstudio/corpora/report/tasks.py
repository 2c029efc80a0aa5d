"""What the workers of a report do with a batch of documents.

In the workers' processes; each task is one class, made by the message that begins it, and answers
one batch after the other. What grows with the corpus (keys, signatures) is sent back with every
batch; what counts over all batches (repeated lines) is kept here and sent when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from sslstudio.corpora.report.frames import Message, unpack_texts


class Task(Protocol):
    """Answers batches."""

    def run(self, meta: dict[str, Any], body: bytes) -> Message:
        """Return the answer to one batch."""


class LanguageTask:
    """Tells the languages of passages."""

    def __init__(self, _settings: dict[str, Any]) -> None:
        """Load nothing yet: the classifier comes with the first passage."""

    def run(self, meta: dict[str, Any], body: bytes) -> Message:
        """Return the characters of the passages in each language."""
        from sslstudio.corpora.report.languages import LanguageShares

        shares = LanguageShares()
        for text in unpack_texts(meta["lengths"], body):
            shares.add(text)
        return {"characters": shares.characters()}, b""


def _check(settings: dict[str, Any]) -> Task:
    from sslstudio.corpora.report.checking import CheckTask

    return CheckTask(settings)


def _leaks(settings: dict[str, Any]) -> Task:
    from sslstudio.corpora.report.leaks import LeakTask

    return LeakTask(settings)


TASKS: dict[str, Callable[[dict[str, Any]], Task]] = {
    "check": _check,
    "languages": LanguageTask,
    "leaks": _leaks,
}
