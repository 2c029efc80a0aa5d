"""What the Read tab asks of the preparation's decisions, as functions beside the window.

Which documents are copies of others, and which lines stand everywhere, needs all sources. A child
process looks through them (``corpora.decisions``); the thread that calls it only waits.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from sslstudio.corpora.mending.outcome import COPIES, TWIN, Stretch, left_out
from sslstudio.recipe import CorpusSource
from sslstudio.studio.corpus_worker import Page, explained, rule_label, source_title
from sslstudio.studio.report_worker import ReportRequest

_TITLE_CHARACTERS = 80


def decide(
    request: ReportRequest, on_progress: Callable[..., None], cancelled: Callable[[], bool]
) -> Any:
    """Return ``sslstudio.corpora.decisions.Decisions`` of the sources."""
    from sslstudio.corpora.decisions import decide as ask

    return ask(request.sources, request.data, on_progress=on_progress, cancelled=cancelled)


def with_decision(
    page: Page, index: Any, sources: Sequence[CorpusSource], place: int, decisions: Any
) -> Page:
    """Return ``page`` as the preparation decides on it.

    Args:
        page: of the source ``place``, explained by its mending alone.
        index: of the documents of that source.
        sources: of the recipe.
        place: of the source among them.
        decisions: on all of them.
    """
    if decisions.documents(place) != page.documents:
        return page  # not read, or changed since
    lines = decisions.repeated_lines(place)
    if lines:
        page = explained(page, sources[place], lines)
    decision = decisions.of(place, page.index)
    rule = decision.removed_by
    if rule not in COPIES:
        return page
    stretches = left_out(page.stretches or (Stretch(page.text),), rule)
    return dataclasses.replace(
        page,
        stretches=stretches,
        removed_by=rule,
        reason=_sentence(rule, decision.repeats, index, sources, place),
        labels={**page.labels, rule: rule_label(rule)},
        repeats=decision.repeats,
    )


def _sentence(
    rule: str,
    repeats: tuple[int, int] | None,
    index: Any,
    sources: Sequence[CorpusSource],
    place: int,
) -> str:
    """Say which document is repeated, as the rest of a sentence."""
    if repeats is None:
        return rule_label(rule)
    source, number = repeats
    if source == place:
        title = index[number].heading[:_TITLE_CHARACTERS]
        other = f"“{title}” (document {number + 1:,})" if title else f"document {number + 1:,}"
    else:
        other = f"document {number + 1:,} of {source_title(sources[source].path)}"
    if rule == TWIN:
        return f"kept apart for validation, it says nearly the same as {other}, which is trained on"
    nearly = "the same" if rule == COPIES[0] else "nearly the same"
    return f"it says {nearly} as {other}"
