"""Reports for tests: complete and uneventful, to be changed where a test wants something."""

from __future__ import annotations

from sslstudio.corpora.report.facts import CorpusReport, SourceReport


def source_of(title: str) -> SourceReport:
    """Return a source of a thousand sound documents."""
    presets = dict.fromkeys(("as_is", "web", "prose", "dialogue", "code"), 0.0)
    return SourceReport(title, title, 1000, 5_000_000, 5_000_000, 900_000, presets=presets)


def report_of(*sources: SourceReport) -> CorpusReport:
    """Return a report on ``sources``, or on one, in which nothing is wrong."""
    given = sources or (source_of("a.txt"),)
    return CorpusReport(
        sources=given,
        documents=sum(s.documents for s in given),
        characters=sum(s.characters for s in given),
        bytes=sum(s.bytes for s in given),
        words=sum(s.words for s in given),
        read_bytes=sum(s.bytes for s in given),
        total_bytes=sum(s.bytes for s in given),
        is_sample=False,
        lengths={"p5": 900.0, "p50": 5000.0, "p95": 9000.0, "max": 20_000.0},
        histogram_edges=(900.0, 4000.0, 20_000.0),
        histogram_counts=(400, 600),
        languages={"en": 1.0},
        scripts={"Latin": 1.0},
        checked_documents=sum(s.documents for s in given),
        checked_bytes=sum(s.bytes for s in given),
        ruled_documents=sum(s.documents for s in given),
        ruled_bytes=sum(s.bytes for s in given),
        sample_documents=1000,
        sample_bytes=5_000_000,
        compression_ratio=2.7,
        entropy=4.3,
    )
