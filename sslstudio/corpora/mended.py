"""A source with its mending: the documents as they are counted, cut into tokens and kept.

Stands between the sources and every pass over the text. What is mended, and by which rules,
``mending/`` knows; here each document goes through it, and comes out with the name of the rule
that took it out, where one did. A source without mending costs nothing: its text is handed on as
it is. The files of the user are only read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Container, Iterator, Sequence
from importlib import metadata
from typing import Protocol

from sslstudio.corpora.mending.outcome import Mended
from sslstudio.corpora.reading import Skipped
from sslstudio.corpora.sources import SoundSource
from sslstudio.recipe import CorpusSource

BLANK = "blank"


class Mends(Protocol):
    """What ``mending/mender.py`` offers."""

    @property
    def is_idle(self) -> bool:
        """Whether it changes nothing."""

    def mend(self, text: str) -> Mended:
        """Return what is left of a document."""


@dataclasses.dataclass(frozen=True, slots=True)
class MendedDocument:
    """A document after mending.

    Attributes:
        text: what is left; empty where it was taken out.
        read: its characters before.
        removed_by: the rule that took it out, or empty.
        changes: how often each rule changed something in it.
        title: as it was read.
    """

    text: str
    read: int
    removed_by: str = ""
    changes: tuple[tuple[str, int], ...] = ()
    title: str = ""


@dataclasses.dataclass(frozen=True)
class MendedSource:
    """A source whose files were looked at, and what mends it; None for nothing."""

    sound: SoundSource
    mender: Mends | None = None

    @property
    def path(self) -> str:
        """What the recipe calls it."""
        return self.sound.source.path

    def documents(
        self,
        cancelled: Callable[[], bool],
        on_skip: Callable[[Skipped], None],
        is_wanted: Callable[[int], bool] = lambda _number: True,
    ) -> Iterator[tuple[int, MendedDocument]]:
        """Yield every document with the number of bytes that were read before it.

        Args:
            cancelled: asked once a document.
            on_skip: told of lines that are left out.
            is_wanted: told the number of a document in this source; one that is not wanted comes
                with its length and no text, unmended.

        Raises:
            CorpusError: a file changed since it was looked at.
        """
        for number, (before, document) in enumerate(self.sound.documents(cancelled, on_skip)):
            done = before + document.offset
            if is_wanted(number):
                yield done, self._mended(document.text, document.title)
            else:
                yield done, MendedDocument("", len(document.text))

    def _mended(self, text: str, title: str) -> MendedDocument:
        if self.mender is None:
            return MendedDocument(text, len(text), title=title)
        mended = self.mender.mend(text)
        removed_by = mended.removed_by
        if not removed_by and not mended.text.strip():
            removed_by = BLANK
        left = "" if removed_by else mended.text
        return MendedDocument(left, len(text), removed_by, mended.changes, title)


def with_mender(sound: SoundSource, repeated_lines: Container[int] = ()) -> MendedSource:
    """Return ``sound`` with the mending that its recipe asks for.

    Args:
        sound: its files were looked at.
        repeated_lines: keys of the lines that are taken out.

    Raises:
        RecipeError: a rule that does not exist, or a library that is not installed.
    """
    if not repeated_lines and not is_mended(sound.source):
        return MendedSource(sound)
    from sslstudio.corpora.mending.mender import Mender

    mender = Mender(sound.source, repeated_lines)
    return MendedSource(sound, None if mender.is_idle else mender)


def is_mended(source: CorpusSource) -> bool:
    """Return whether a source asks for any mending of its own."""
    plain = CorpusSource()
    return any(
        getattr(source, name) != getattr(plain, name)
        for name in ("preset", "rules_off", "normalise", "personal_data")
    )


def shaping_versions(sources: Sequence[CorpusSource]) -> dict[str, str]:
    """Return the versions of the libraries that shape what mending gives."""
    wanted = {
        "ftfy": any(source.normalise == "ftfy" for source in sources),
        "phonenumbers": any(source.personal_data == "replace" for source in sources),
    }
    return {name: _version(name) for name, is_wanted in wanted.items() if is_wanted}


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""
