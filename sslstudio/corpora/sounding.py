"""Which listed files can be read, and from where: every one is looked at whole, or taken in.

Between ``listing`` and ``reading``. Plain UTF-8 text is checked where it lies (``inspection``);
anything else is hashed and, the first time, taken in by a child process. What cannot be read has a
reason, also inside archives. Costs 5 ms a megabyte the first time, and of large files nothing
afterwards; taking in costs what the format costs, once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sslstudio.corpora.encodings import NOT_UTF8, canonical, encoding_of_mark, is_utf8, naming
from sslstudio.corpora.inspection import FileFacts, inspect_file
from sslstudio.corpora.kinds import Kind, kind_of, readers_stamp
from sslstudio.corpora.listing import (
    FileList,
    Progress,
    Skipped,
    _silent,
    nothing_readable,
    relative_to,
)
from sslstudio.corpora.taking_in.cache import TakenIn, Wanted, facts_of, is_taken_in
from sslstudio.corpora.taking_in.process import TakingIn
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource

_MOST_GUESSES = 3


def sound_files(
    source: CorpusSource,
    listed: FileList,
    *,
    cancelled: Callable[[], bool],
    on_file: Callable[[Path, str, int], None] = lambda _path, _sha256, _size: None,
    on_progress: Progress = _silent,
) -> FileList:
    """Return ``listed`` with only what can be read, after a pass over all of it.

    Args:
        source: of the recipe; names itself in errors.
        listed: what :func:`list_files` returned.
        cancelled: asked several times a second.
        on_file: told of each sound file, in order: the path that ``documents_of`` wants, which may
            lie in the cache; and SHA-256 and size in bytes of the user's own file.
        on_progress: (done, total) in bytes of the user's files.

    Raises:
        CorpusError: the file that was named directly is broken, or none is sound.
        StorageError: there is no room to take a file in.
        Cancelled: ``cancelled()`` said so.
    """
    return _Sounding(source, listed, cancelled, on_progress).run(on_file)


class _Sounding:
    """One pass over the files of one source."""

    def __init__(
        self,
        source: CorpusSource,
        listed: FileList,
        cancelled: Callable[[], bool],
        on_progress: Progress,
    ) -> None:
        self._source = source
        self._listed = listed
        self._cancelled = cancelled
        self._on_progress = on_progress
        self._encoding = canonical(source.encoding)
        self._total_bytes = sum(map(_size_of, listed.files))
        self._done_bytes = 0
        self._files: list[Path] = []
        self._originals: list[Path] = []
        self._skipped = list(listed.skipped)
        self._guesses = 0

    def run(self, on_file: Callable[[Path, str, int], None]) -> FileList:
        with TakingIn(self._cancelled, self._progress) as taking_in:
            for path in self._listed.files:
                readable, facts = self._look(path, taking_in)
                if facts.fault:
                    self._refuse(path, facts.fault)
                else:
                    self._files.append(readable)
                    self._originals.append(path)
                    on_file(readable, facts.sha256, facts.size_bytes)
                self._done_bytes += facts.size_bytes
                self._progress(0)
        if not self._files:
            raise nothing_readable(self._source.path, self._skipped)
        return FileList(
            tuple(self._files),
            tuple(self._skipped),
            self._listed.named_directly,
            tuple(self._originals),
        )

    def _look(self, path: Path, taking_in: TakingIn) -> tuple[Path, FileFacts]:
        """Return where to read ``path`` from, and what is to be known of the file itself."""
        if is_taken_in(path):
            found = facts_of(path)
            self._note(found)
            return path, FileFacts(found.sha256, found.size_bytes)
        kind = kind_of(path.name)
        is_direct = self._is_direct(path, kind)
        facts = inspect_file(path, self._cancelled, is_text=is_direct, on_read=self._progress)
        if is_direct or facts.fault:
            return path, facts
        wanted = self._wanted(path, kind, facts)
        found = taking_in.take(wanted)
        self._note(found)
        return wanted.target, FileFacts(facts.sha256, facts.size_bytes, found.fault)

    def _is_direct(self, path: Path, kind: Kind) -> bool:
        """Return whether the file is read where it lies."""
        if not (kind.is_direct and is_utf8(self._encoding)):
            return False
        try:
            with path.open("rb") as file:
                marked, _ = encoding_of_mark(file.read(4))
        except OSError:
            return True  # the inspection says why
        return marked in ("", "utf-8") or self._encoding != "auto"

    def _wanted(self, path: Path, kind: Kind, facts: FileFacts) -> Wanted:
        source = self._source
        has_columns = bool(kind.archive or kind.reader.facts.get("columns"))
        return Wanted(
            path=path.absolute(),
            sha256=facts.sha256,
            size_bytes=facts.size_bytes,
            name=str(path),
            readers=readers_stamp(kind),
            layers=[*kind.compressions, kind.archive, kind.suffix],
            column=source.column if has_columns else "auto",
            encoding=self._encoding,
            include=source.include if kind.archive else (),
            exclude=source.exclude if kind.archive else (),
            relative=relative_to(source, path) if kind.archive else "",
        )

    def _note(self, found: TakenIn) -> None:
        self._skipped.extend(Skipped(name, reason) for name, reason in found.skipped)

    def _refuse(self, path: Path, fault: str) -> None:
        """Note why ``path`` is not read.

        Raises:
            CorpusError: it was named directly.
        """
        if fault.startswith(NOT_UTF8) and self._guesses < _MOST_GUESSES:
            from sslstudio.corpora.encoding_guess import likely_encoding

            self._guesses += 1  # a guess takes a tenth of a second, and files may be many
            fault = naming(fault, likely_encoding(path))
        if self._listed.named_directly:
            raise CorpusError(f"{path} {fault}")
        self._skipped.append(Skipped(str(path), fault))

    def _progress(self, done_bytes: int) -> None:
        self._on_progress(min(self._done_bytes + done_bytes, self._total_bytes), self._total_bytes)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # the inspection says why
