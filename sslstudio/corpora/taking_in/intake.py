"""One file of the user's becomes lines: every record of everything in it, written to the cache.

Runs in the child. An archive is gone through member by member; what goes wrong in one of them
takes back what was written of it, and is a reason in a list. Costs what reading and unpacking cost;
holds one record. Knows no formats.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from sslstudio.corpora.archives import LeftOut, Walk, members
from sslstudio.corpora.input_file import StreamFile, file_on_disk
from sslstudio.corpora.kinds import Kind, kind_of
from sslstudio.corpora.patterns import fits_any, is_wanted
from sslstudio.corpora.reader import ReadOptions
from sslstudio.corpora.taking_in.documents import UNIT_LINES, UNIT_RECORD
from sslstudio.corpora.taking_in.lines import LineWriter
from sslstudio.corpora.unpacking import MOST_BYTES, Budget, TooLarge, brief
from sslstudio.errors import CorpusError, StorageError
from sslstudio.recipe import CorpusSource
from sslstudio.storage import storage_guard

MOST_REASONS = 100
_REASON_CHARACTERS = 400


class Listener(Protocol):
    """Who is told how it goes."""

    def begin(self, name: str) -> None:
        """``name`` is read from here on."""

    def got_on(self, read_bytes: int) -> None:
        """So many bytes were read, or something else happened."""


class Intake:
    """Takes one file in.

    Args:
        request: plain values: ``path``, ``name``, ``target``, ``size_bytes``, ``column``,
            ``encoding``, ``include``, ``exclude``, ``relative`` of a ``Wanted``, and ``poisoned``:
            names that an earlier child died of, with the reason.
        listener: is told how it goes.
    """

    def __init__(self, request: dict[str, Any], listener: Listener) -> None:
        self._request = request
        self._listener = listener
        self._path = Path(request["path"])
        self._name: str = request["name"]
        self._kind = kind_of(self._path)
        self._is_on_hub = request["name"].startswith("hub:")
        size_bytes = MOST_BYTES if self._is_on_hub else request["size_bytes"]
        self._budget = Budget(size_bytes, listener.got_on)
        self._text_budget = Budget(size_bytes)
        self._options = ReadOptions(column=request["column"])
        self._reasons = _Reasons()

    def run(self) -> dict[str, Any]:
        """Write the lines; returns the facts of them as plain values.

        Raises:
            CorpusError: nothing could be taken in; the message is the end of a sentence.
            StorageError: there is no room for it.
        """
        target = Path(self._request["target"])
        with storage_guard(target), target.open("wb") as file:
            lines = LineWriter(file, target, self._text_budget)
            if self._is_on_hub:
                self._take_hub(lines)
            elif self._kind.archive:
                self._take_archive(lines)
            else:
                self._take_single(lines)
            facts = lines.facts()
        if not lines.records:
            raise CorpusError(self._nothing())
        return {**facts, "skipped": self._reasons.listed(self._name)}

    def _take_single(self, lines: LineWriter) -> None:
        file = file_on_disk(
            self._path,
            self._kind,
            self._name,
            budget=self._budget,
            encoding=self._request["encoding"],
        )
        self._listener.begin(self._name)
        self._take(file, self._kind, "", lines)

    def _take_archive(self, lines: LineWriter) -> None:
        poisoned: dict[str, str] = self._request["poisoned"]
        try:
            for found in self._members():
                if isinstance(found, LeftOut):
                    self._reasons.add(found.name, found.reason)
                elif found.name in poisoned:
                    self._reasons.add(found.name, poisoned[found.name])
                else:
                    self._take_member(found, lines)
        except TooLarge:
            raise
        except CorpusError as error:  # cut short: what stands before that is sound
            if not lines.records:
                raise
            self._reasons.add(self._name, str(error))

    def _take_hub(self, lines: LineWriter) -> None:
        from sslstudio.corpora.taking_in.hub import hub_records

        self._listener.begin(self._name)
        for record in hub_records(self._name, self._options.column):
            lines.write(record, "", UNIT_RECORD)
            self._listener.got_on(0)

    def _members(self) -> Iterator[StreamFile | LeftOut]:
        asked = self._request
        source = CorpusSource(include=tuple(asked["include"]), exclude=tuple(asked["exclude"]))
        walk = Walk(
            self._budget,
            asked["encoding"],
            lambda relative, is_archive: is_wanted(source, relative, is_container=is_archive),
            lambda relative: fits_any(source.include, relative),
        )
        plain = dataclasses.replace(self._kind, archive="")
        archive = file_on_disk(self._path, plain, self._name, budget=self._budget)
        return members(archive, self._kind, walk, relative=asked["relative"])

    def _take_member(self, file: StreamFile, lines: LineWriter) -> None:
        """Take one member in, or nothing of it and a reason."""
        self._listener.begin(file.name)
        mark = lines.mark()
        try:
            self._take(file, kind_of(f"x{file.suffix}"), file.name[len(self._name) :], lines)
        except (TooLarge, StorageError):
            raise
        except CorpusError as error:
            lines.take_back(mark)
            self._reasons.add(file.name, str(error))

    def _take(self, file: StreamFile, kind: Kind, inner: str, lines: LineWriter) -> None:
        """Write every record of ``file``.

        Raises:
            CorpusError: its reader refused it, or failed in a way of its own.
        """
        entry = kind.reader
        reader = entry.cls()
        unit = UNIT_LINES if entry.facts.get("lines") else reader.automatic
        before = lines.records
        try:
            records = reader.records(file, self._options, self._reporting(file.name))
            for record in records:
                lines.write(record, inner, unit)
                self._listener.got_on(0)
        except (CorpusError, StorageError):
            raise
        except MemoryError as error:
            raise CorpusError("takes more memory than one file is given: split it") from error
        except RecursionError as error:
            raise CorpusError("is nested too deeply: it is damaged, or hostile") from error
        # broad: this is the edge of what a parsing library may do with a hostile file
        except Exception as error:
            raise CorpusError(
                f"cannot be read ({type(error).__name__}: {brief(error)}): it may be damaged, so "
                "save it anew"
            ) from error
        if lines.records == before:
            self._reasons.add(file.name, "holds no text")

    def _reporting(self, name: str) -> Any:
        def report(reason: str) -> None:
            self._reasons.add(name, reason)
            self._listener.got_on(0)

        return report

    def _nothing(self) -> str:
        """Return why there is no text, as the end of a sentence."""
        listed = self._reasons.listed(self._name)
        if not listed:
            return "holds no text that is not blank: choose another one"
        name, reason = listed[0]
        if name == self._name:
            return reason if reason.startswith("holds no text") else f"holds no text: it {reason}"
        return f"holds no text that can be read: {name[len(self._name) :].lstrip('!')} {reason}"


class _Reasons:
    """What was left out; the first hundred by name, the rest by number."""

    def __init__(self) -> None:
        self._named: list[tuple[str, str]] = []
        self._further = 0

    def add(self, name: str, reason: str) -> None:
        if len(self._named) >= MOST_REASONS:
            self._further += 1
        else:
            self._named.append((name, " ".join(reason.split())[:_REASON_CHARACTERS]))

    def listed(self, archive: str) -> list[tuple[str, str]]:
        rest = [(archive, f"has {self._further:,} more entries that are not read")]
        return self._named + (rest if self._further else [])
