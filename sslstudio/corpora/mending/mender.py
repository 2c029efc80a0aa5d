"""Mend one document as its source asks: normalise, take out lines, judge, replace personal data.

Between the readers and everything that counts or trains; the order of the steps is that of
reference 2.1. What is left is a pure function of the text, the options of the source and the
lines that are repeated, so the order of documents does not matter and any process may do it.
Duplicates are not known here: they need the whole corpus. A source that asks for nothing costs
nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Container

from sslstudio.corpora.mending.characters import apply_characters, character_edits
from sslstudio.corpora.mending.edits import Edit, apply_edits, count_edits
from sslstudio.corpora.mending.forms import apply_form, form_edits, respelling
from sslstudio.corpora.mending.labels import BLANK, CODES, labels
from sslstudio.corpora.mending.lines import REPEATED_LINE, line_edits
from sslstudio.corpora.mending.outcome import Mended, Stretch
from sslstudio.corpora.mending.tracing import Trace
from sslstudio.corpora.personal import finding
from sslstudio.corpora.rules.presets import PRESETS
from sslstudio.corpora.rules.rule import Fired, first_fired
from sslstudio.corpora.rules.view import View
from sslstudio.errors import RecipeError, nearest
from sslstudio.recipe import CorpusSource

__all__ = ["Mender", "labels"]

EditsOf = Callable[[str], list[Edit]]


class Mender:
    """The steps that one source asks for; may be sent to another process.

    Args:
        source: its options ``preset``, ``rules_off``, ``normalise`` and ``personal_data``.
        repeated_lines: keys (``lines.line_key``) of lines to take out.

    Raises:
        RecipeError: ``rules_off`` names a rule that there is not.
        CorpusError: the source asks for a library that is not installed.
    """

    def __init__(self, source: CorpusSource, repeated_lines: Container[int] = ()) -> None:
        _check_names(source)
        rules = PRESETS[source.preset].without(source.rules_off)
        off = frozenset(source.rules_off)
        self._source = source
        self._form = "" if source.normalise == "none" else source.normalise
        self._line_rules = frozenset(rule.name for rule in rules if rule.of_lines)
        self._document_rules = tuple(rule for rule in rules if not rule.of_lines)
        self._repeated = () if REPEATED_LINE in off else repeated_lines
        replaces = source.personal_data == "replace"
        self._kinds = tuple(kind for kind in finding.KINDS if kind not in off) if replaces else ()
        if self._form:
            respelling(self._form)

    def __reduce__(self) -> tuple[type[Mender], tuple[CorpusSource, Container[int]]]:
        return Mender, (self._source, self._repeated)

    @property
    def is_idle(self) -> bool:
        """Whether every text would stay as it is."""
        return not (self._form or self._takes_lines or self._document_rules or self._kinds)

    @property
    def _takes_lines(self) -> bool:
        return bool(self._line_rules or self._repeated)

    def mend(self, text: str) -> Mended:
        """Return what is left of ``text``, and by which rules.

        A document that was blank, or that the line rules leave blank, is taken out. An idle
        mender returns the very text that it is given.
        """
        if self.is_idle:
            return Mended(text)
        changes: dict[str, int] = {}
        text = self._normalised(text, changes)
        line_changes: dict[str, int] = {}
        text = self._edited(self._line_edits, text, line_changes)
        removed_by = self._removed_by(text, line_changes)
        if removed_by:
            return Mended("", removed_by)
        changes |= line_changes
        text = self._edited(self._personal_edits, text, changes)
        return Mended(text, changes=tuple(changes.items()))

    def explain(self, text: str) -> tuple[Stretch, ...]:
        """Return the stretches of ``text`` with what becomes of each.

        Their texts make up ``text``; what stays and what replaces make up ``mend(text).text``.
        """
        trace = Trace(text)
        if self.is_idle:
            return trace.stretches()
        for edits_of in self._normalising_edits():
            trace.edit(edits_of(trace.text))
        edits = self._line_edits(trace.text)
        trace.edit(edits)
        line_changes: dict[str, int] = {}
        count_edits(edits, line_changes)
        removed_by = self._removed_by(trace.text, line_changes)
        if removed_by:
            trace.take_out(removed_by)
        else:
            trace.edit(self._personal_edits(trace.text))
        return trace.stretches()

    def reason(self, text: str) -> str:
        """Return why ``text`` is taken out, with figures, or an empty text where it stays."""
        if self.is_idle:
            return ""
        line_changes: dict[str, int] = {}
        text = self._edited(self._line_edits, self._normalised(text, {}), line_changes)
        fired = self._first_fired(text)
        if fired and text.strip():
            return fired.sentence
        return labels(self._removed_by(text, line_changes))

    def _normalised(self, text: str, changes: dict[str, int]) -> str:
        """Do what ``_normalising_edits`` say, without making the edits."""
        if not self._form:
            return text
        if self._form == "ftfy":
            text = self._respelled("ftfy", text, changes)
        text = apply_characters(text, changes)
        return self._respelled("nfc" if self._form == "ftfy" else self._form, text, changes)

    def _normalising_edits(self) -> tuple[EditsOf, ...]:
        if not self._form:
            return ()
        if self._form == "ftfy":
            # before the control characters go: ftfy makes quotation marks of some
            first = functools.partial(form_edits, form="ftfy")
            return first, character_edits, functools.partial(form_edits, form="nfc")
        return character_edits, functools.partial(form_edits, form=self._form)

    @staticmethod
    def _respelled(form: str, text: str, changes: dict[str, int]) -> str:
        text, lines = apply_form(text, form)
        if lines:
            changes[form] = changes.get(form, 0) + lines
        return text

    @staticmethod
    def _edited(edits_of: EditsOf, text: str, changes: dict[str, int]) -> str:
        edits = edits_of(text)
        count_edits(edits, changes)
        return apply_edits(text, edits)

    def _line_edits(self, text: str) -> list[Edit]:
        return line_edits(text, self._line_rules, self._repeated) if self._takes_lines else []

    def _personal_edits(self, text: str) -> list[Edit]:
        return [
            Edit(found.start, found.end, found.kind, finding.placeholder(found.kind))
            for found in (finding.find(text, self._kinds) if self._kinds else ())
        ]

    def _removed_by(self, text: str, line_changes: dict[str, int]) -> str:
        """Return the first rule that takes the document out, as its lines were left."""
        if not text or text.isspace():
            return next(iter(line_changes), BLANK)
        fired = self._first_fired(text)
        return fired.rule.name if fired else ""

    def _first_fired(self, text: str) -> Fired | None:
        return first_fired(View(text, self._line_rules), self._document_rules)


def _check_names(source: CorpusSource) -> None:
    """Raise where a rule is turned off that nobody knows."""
    for name in source.rules_off:
        if name not in CODES:
            raise RecipeError(
                f"corpora.rules_off names {name!r}, which is no rule{nearest(name, CODES)}: "
                "name rules as the preview does"
            )
