"""The verdict: what a report means, in plain words, the most important first.

The end of the report's way, pure: figures and settings in, findings out. Few and true: a finding
needs a figure beyond its limit in :mod:`~sslstudio.corpora.report.limits`, says the figure and
what it does to a model, and where a setting mends it, which. A corpus without any gets one
sentence that says so. The level of the whole is that of its worst finding.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from sslstudio.corpora.report import findings_content, findings_mending, findings_repetition
from sslstudio.corpora.report.facts import CorpusReport, Finding
from sslstudio.corpora.report.findings import mostly, share, size
from sslstudio.recipe import CorpusSource, DataOptions

Judge = Callable[[CorpusReport, Sequence[CorpusSource], DataOptions], Iterator[Finding]]
_RANK = {"bad": 0, "caution": 1, "good": 2}
# in the order of importance among findings of one level
_JUDGES: tuple[Judge, ...] = (
    findings_content.size_of_corpus,
    findings_repetition.evaluation_leaks,
    findings_repetition.exact_duplicates,
    findings_repetition.near_duplicates,
    findings_repetition.validation_leaks,
    findings_repetition.repeated_lines,
    findings_mending.removed_by_settings,
    findings_mending.poor_documents,
    findings_content.damaged_text,
    findings_content.personal_data,
    findings_content.redundancy,
    findings_content.languages,
    findings_content.markup,
    findings_content.cut_documents,
    findings_content.short_documents,
    findings_content.skipped_files,
    findings_content.purpose,
    findings_mending.fitting_presets,
)


def judge(report: CorpusReport, sources: Sequence[CorpusSource], data: DataOptions) -> CorpusReport:
    """Return ``report`` with its verdict and findings.

    Args:
        report: complete but for them.
        sources: that it is about, in its order.
        data: settings that it was made with.
    """
    found = [finding for judge in _JUDGES for finding in judge(report, sources, data)]
    level = min((finding.level for finding in found), key=_RANK.__getitem__, default="good")
    if level == "good":
        found.insert(0, _all_well(report))
    found.sort(key=lambda finding: _RANK[finding.level])
    return dataclasses.replace(report, verdict=level, findings=tuple(found))


def _all_well(report: CorpusReport) -> Finding:
    copies = report.exact_duplicates + report.near_duplicates
    repeated = share(copies, max(report.documents, 1)) if copies else "none"
    return Finding(
        "good",
        "good",
        f"No fault was found in {size(report.bytes)} of text{mostly(report)}; of its "
        f"{report.documents:,} document{'s' * (report.documents != 1)} {repeated} "
        f"{'are' if copies else 'is a'} cop{'ies' if copies else 'y'} of others.",
    )
