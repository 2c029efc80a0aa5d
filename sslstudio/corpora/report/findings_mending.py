"""Findings about quality rules: what the present settings take out, and which preset would fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sslstudio.corpora.report import limits
from sslstudio.corpora.report.facts import CorpusReport, Finding, Remedy, SourceReport
from sslstudio.corpora.report.findings import share, titled
from sslstudio.recipe import CorpusSource, DataOptions

_NAMES = {
    "as_is": "as it is",
    "web": "web",
    "prose": "books and prose",
    "dialogue": "dialogue and poetry",
    "code": "code and tables",
}
_STRICTEST_FIRST = ("web", "prose", "dialogue", "code")


def removed_by_settings(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Settings that take out much of a source."""
    for number, source in enumerate(report.sources):
        part = source.removed
        if source.preset == "as_is" or part < limits.REMOVED_CAUTION:
            continue
        better = fitting(source)
        yield Finding(
            "much_removed",
            "bad" if part >= limits.REMOVED_BAD else "caution",
            f"The preset “{_NAMES[source.preset]}” takes out {share(part, 1)} of the text of "
            f"{titled(source.title)}: it seems to be meant for another kind of text.",
            f"“{_NAMES[better]}” takes out {share(source.presets.get(better, 0.0), 1)}.",
            Remedy("source", "preset", better, number),
        )


def poor_documents(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Documents that are poor whatever kind of text it is, and pages as the web has them."""
    for number, source in enumerate(report.sources):
        if source.preset != "as_is" or not source.presets:
            continue
        poor, web = source.repetitive, source.presets.get("web", 0.0)
        if poor >= limits.POOR_CAUTION:
            yield Finding(
                "poor_documents",
                "caution",
                f"{share(poor, 1)} of the documents of {titled(source.title)} repeat the same "
                "words over and over: the model would learn to do so.",
                f"The preset “{_NAMES[_gentlest(source)]}” leaves them out.",
                Remedy("source", "preset", _gentlest(source), number),
            )
        elif _looks_like_web(report) and limits.POOR_CAUTION <= web < limits.REMOVED_BAD:
            yield Finding(
                "web_pages",
                "caution",
                f"{titled(source.title)} holds web pages, and {share(web, 1)} of its text "
                "breaks a rule for good ones: menus, notices, lines that are no sentences.",
                f"The preset “{_NAMES['web']}” leaves that out.",
                Remedy("source", "preset", "web", number),
            )


def fitting_presets(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Which preset would suit a source, where the one for web pages would not."""
    for source in report.sources:
        web = source.presets.get("web", 0.0)
        if source.preset != "as_is" or web <= limits.FITS:
            continue
        best = fitting(source)
        if best == "as_is":
            continue
        yield Finding(
            "fitting_preset",
            "good",
            f"If {titled(source.title)} is to be filtered, {_named(best)} fits: it would take "
            f"out {share(source.presets[best], 1)} of the text. The rules for web pages "
            f"would take out {share(web, 1)}, which says nothing against this text.",
        )


def _named(preset: str) -> str:
    """Return the preset's name; two of them have the same rules."""
    both = f"“{_NAMES['dialogue']}” or “{_NAMES['code']}”"
    return both if preset in ("dialogue", "code") else f"“{_NAMES[preset]}”"


def fitting(source: SourceReport) -> str:
    """Return the strictest preset that takes out little of ``source``."""
    for preset in _STRICTEST_FIRST:
        if source.presets.get(preset, 1.0) <= limits.FITS:
            return preset
    return "as_is"


def _gentlest(source: SourceReport) -> str:
    """Return the preset with the rules on repetition that takes out least of ``source``."""
    return min(("prose", "dialogue"), key=lambda preset: source.presets.get(preset, 1.0))


def _looks_like_web(report: CorpusReport) -> bool:
    signs = max((r.documents for r in report.rules if r.rule in limits.WEB_RULES), default=0)
    return signs >= limits.WEB_SIGNS * max(report.checked_documents, 1)
