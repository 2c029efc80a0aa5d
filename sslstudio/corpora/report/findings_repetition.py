"""Findings about text that stands in the corpus more than once, or on both sides of the split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sslstudio.corpora.report import limits
from sslstudio.corpora.report.facts import CorpusReport, Finding, Remedy
from sslstudio.corpora.report.findings import graded, share
from sslstudio.recipe import CorpusSource, DataOptions


def exact_duplicates(
    report: CorpusReport, _sources: Sequence[CorpusSource], data: DataOptions
) -> Iterator[Finding]:
    """Whole documents that are copies of others."""
    part = report.exact_duplicates / max(report.documents, 1)
    if part < limits.EXACT_CAUTION or data.deduplicate != "none":
        return
    yield Finding(
        "exact_duplicates",
        graded(part, limits.EXACT_BAD),
        f"{share(part, 1)} of the documents ({report.exact_duplicates:,}) are copies of others: "
        "each is learned as often as it stands there.",
        "Keep one of each; no file is changed.",
        Remedy("data", "deduplicate", "exact"),
    )


def near_duplicates(
    report: CorpusReport, _sources: Sequence[CorpusSource], data: DataOptions
) -> Iterator[Finding]:
    """Documents that share most of their text with another."""
    part = report.near_duplicates / max(report.checked_documents, 1)
    if part < limits.NEAR_CAUTION or data.deduplicate == "near":
        return
    yield Finding(
        "near_duplicates",
        graded(part, limits.NEAR_BAD),
        f"{share(part, 1)} of the documents ({report.near_duplicates:,}, in "
        f"{report.near_duplicate_groups:,} groups) share most of their five-word sequences with "
        "another one: the model recites what it meets so often.",
        "Keep one of each group.",
        Remedy("data", "deduplicate", "near"),
    )


def repeated_lines(
    report: CorpusReport, _sources: Sequence[CorpusSource], data: DataOptions
) -> Iterator[Finding]:
    """Menus, footers and notices."""
    part = report.repeated_line_share
    if part < limits.LINES_CAUTION or data.repeated_lines != "keep" or not report.repeated_lines:
        return
    first = report.repeated_lines[0]
    shown = first.text if len(first.text) <= 60 else first.text[:59] + "…"
    yield Finding(
        "repeated_lines",
        graded(part, limits.LINES_BAD),
        f"{share(part, 1)} of the text is lines that stand in very many documents, such as "
        f"“{shown}” in {first.documents:,}.",
        "Take those lines out.",
        Remedy("data", "repeated_lines", "remove"),
    )


def validation_leaks(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Validation text that is trained on as well."""
    if not report.leaks or not report.held_out:
        return
    part = report.leaks / report.held_out
    if part < limits.LEAKS_TOLD:
        return
    yield Finding(
        "validation_leaks",
        "good",
        f"{share(part, 1)} of the validation passages share a run of 13 words or 50 characters "
        "with the training text: quotations and set phrases, so the validation loss measures in "
        "part what was read. Near copies of whole documents are never validated on.",
    )


def evaluation_leaks(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Texts that the model will be examined with."""
    for name, found in report.evaluation_leaks.items():
        if found:
            yield Finding(
                "evaluation_leaks",
                "bad",
                f"{found:,} text{'s' * (found != 1)} of {name} stand{'s' * (found == 1)} at least "
                "in part in the corpus: results on that file would be worthless.",
                "Exclude the files that hold them, or evaluate with another file.",
            )
