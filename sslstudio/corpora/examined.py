"""What is known of a corpus before a token is made: survey, copies, and the split.

Stands between the sources and everything that writes. In the order of reference 2.1: lines that
stand in very many documents are counted where they are to go; every document is mended and
surveyed; copies are taken out; the split is chosen; what is kept apart and has a twin on the
training side is left out of both. Costs one pass over the text, another where lines are counted,
and another for twins where whole documents are kept apart and near copies were not taken out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from sslstudio.corpora.mended import MendedSource, with_mender
from sslstudio.corpora.parts import Corpus
from sslstudio.corpora.sources import SoundSource, Ticker
from sslstudio.corpora.split import Key, choose_split
from sslstudio.corpora.survey import Survey, require_text, survey
from sslstudio.recipe import CorpusSource, DataOptions

NOTHING_REPEATED: frozenset[int] = frozenset()


@dataclasses.dataclass(frozen=True)
class Examined:
    """What an examination found; with the same sources, all that later passes need.

    Attributes:
        survey: of every document that was read.
        split: "documents" or "tail".
        repeated_lines: of each source, the keys of the lines that are taken out.
    """

    survey: Survey
    split: str
    repeated_lines: tuple[frozenset[int], ...]

    def corpus(self, sounds: Sequence[SoundSource], options: DataOptions) -> Corpus:
        """Return the documents that stay."""
        mended = _mended(sounds, self.repeated_lines)
        return Corpus(mended, self.survey, self.split, options.validation_fraction)


def examine(
    sounds: Sequence[SoundSource],
    options: DataOptions,
    scratch: Path,
    *,
    progress: Ticker,
    cancelled: Callable[[], bool],
    needs_text: bool = True,
) -> Examined:
    """Read every document, and decide what stays, and on which side.

    Args:
        sounds: sources whose files were looked at.
        options: split, validation_fraction, deduplicate and repeated_lines are read.
        scratch: a folder for signatures while they are compared.
        progress, cancelled: as ever.
        needs_text: whether it is an error where nothing stays of a source.

    Raises:
        CorpusError: no text, or none that stays, or it changed meanwhile.
        RecipeError: a mending that does not exist here.
        StorageError: the disk is full.
        Cancelled: ``cancelled()`` said so.
    """
    repeated = tuple(_repeated_lines(s, options, progress, cancelled) for s in sounds)
    mended = _mended(sounds, repeated)
    with ExitStack() as stack:
        copies = held_out = None
        if options.deduplicate != "none":
            from sslstudio.corpora.removal import Copies

            copies = stack.enter_context(Copies(scratch, near=options.deduplicate == "near"))
        if options.split != "tail" and options.deduplicate != "near":
            from sslstudio.corpora.removal import HeldOut

            held_out = HeldOut(options.validation_fraction)

        def gather(text: str, key: Key) -> None:
            if copies is not None:
                copies.add(text)
            if held_out is not None:
                held_out.add(text, key)

        found = survey(
            mended,
            progress=progress,
            cancelled=cancelled,
            on_kept=gather,
            needs_text=needs_text,
        )
        added = found.kept
        if copies is not None:
            found = copies.taken_out(found, progress, cancelled)
        if needs_text:
            require_text(found, mended)
        split = choose_split(options, found.characters[found.kept])
        if held_out is not None and split == "documents":
            found = held_out.taken_out(mended, added, found, progress, cancelled)
    return Examined(found, split, repeated)


def _mended(
    sounds: Sequence[SoundSource], repeated: Sequence[frozenset[int]]
) -> tuple[MendedSource, ...]:
    return tuple(with_mender(s, lines) for s, lines in zip(sounds, repeated, strict=True))


def _repeated_lines(
    sound: SoundSource, options: DataOptions, progress: Ticker, cancelled: Callable[[], bool]
) -> frozenset[int]:
    """Return the keys of the lines that stand in very many documents of a source.

    They are counted as they stand when lines are taken out: normalised, and not judged yet.
    """
    if options.repeated_lines == "keep":
        return NOTHING_REPEATED
    from sslstudio.corpora.duplicates.repeated_lines import RepeatedLines

    counts = RepeatedLines()
    plain = CorpusSource(normalise=sound.source.normalise)
    normalised = with_mender(dataclasses.replace(sound, source=plain)).mender
    for before, document in sound.documents(cancelled, lambda _skipped: None):
        counts.add(normalised.mend(document.text).text if normalised else document.text)
        done = before + document.offset
        progress("counting lines", done, sound.size_bytes, "bytes")
    progress("counting lines", sound.size_bytes, sound.size_bytes, "bytes")
    return counts.keys()
