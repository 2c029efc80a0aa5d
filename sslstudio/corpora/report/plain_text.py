"""A report as a short text for the terminal: the verdict first, then the figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sslstudio.corpora.report.facts import CorpusReport, RuleCount
from sslstudio.corpora.report.findings import language_name, removal_basis, share, size

_MARKS = {"good": "good", "caution": "CAUTION", "bad": "BAD"}
_ROWS = 8


def lines_of(report: CorpusReport) -> list[str]:
    """Return the report as lines."""
    return [*_verdict(report), "", *_figures(report), *_tables(report)]


def _verdict(report: CorpusReport) -> Iterator[str]:
    yield f"verdict: {report.verdict}"
    for finding in report.findings:
        yield f"  [{_MARKS[finding.level]}] {_one_line(finding.text)}"
        if finding.remedy:
            change = finding.change
            setting = f"  (--set {change.name}={change.value})" if change else ""
            yield f"      → {finding.remedy}{setting}"


def _figures(report: CorpusReport) -> Iterator[str]:
    lengths = report.lengths
    yield _row("documents", f"{report.documents:,} in {len(report.sources)} source(s)")
    yield _row("text", f"{size(report.bytes)}, {report.characters:,} characters")
    yield _row("words", f"{report.words:,}")
    yield _row(
        "lengths",
        f"5 % below {lengths['p5']:,.0f}, half below {lengths['p50']:,.0f}, 95 % below "
        f"{lengths['p95']:,.0f}, longest {lengths['max']:,.0f} characters",
    )
    yield _row("languages", _shares({language_name(k): v for k, v in report.languages.items()}))
    yield _row("scripts", _shares(report.scripts))
    yield _row("exact copies", f"{report.exact_duplicates:,}")
    yield _row(
        "near copies",
        f"{report.near_duplicates:,} in {report.near_duplicate_groups:,} groups"
        + _basis(report.checked_documents, report.documents),
    )
    yield _row("repeated lines", f"{share(report.repeated_line_share, 1)} of the text")
    found = ", ".join(f"{kind} {n:,}" for kind, n in report.personal_data.items() if n)
    yield _row("personal data", found or "none found")
    if report.leaks is not None:
        yield _row("leaks", f"{report.leaks:,} of {report.held_out:,} validation passages")
    for name, count in report.evaluation_leaks.items():
        yield _row("leaks", f"{count:,} passages of {_one_line(name)}")
    yield from _diversity(report)


def _diversity(report: CorpusReport) -> Iterator[str]:
    yield _row(
        "on a sample of", f"{report.sample_documents:,} passages, {size(report.sample_bytes)}"
    )
    yield _row("distinct n-grams", ", ".join(f"{n}: {v:.3f}" for n, v in report.distinct.items()))
    if report.mattr is not None:
        yield _row("MATTR (500)", f"{report.mattr:.3f}")
    if report.heaps:
        k, beta, r2 = (report.heaps[name] for name in ("k", "beta", "r2"))
        yield _row("Heaps' law", f"{k:.1f} · n^{beta:.3f}  (R² {r2:.3f})")
    if report.zipf is not None:
        yield _row("Zipf exponent", f"{report.zipf:.2f}")
    if report.compression_ratio is not None:
        yield _row("compression", f"{report.compression_ratio:.2f} times")
    if report.vendi is not None:
        yield _row("Vendi score", f"{report.vendi:.1f}")


def _tables(report: CorpusReport) -> Iterator[str]:
    if report.removed or report.changed:
        yield from _rules("taken out by the present settings", report.removed)
        yield from (f"  {c.times:7,}  times {c.rule}: {c.label}" for c in report.changed[:_ROWS])
        yield f"  {removal_basis(report)}"
    yield from _rules(
        "rules that fire, whether applied or not"
        + _basis(report.ruled_documents, report.documents),
        report.rules,
    )
    if report.topics.names:
        yield from ("", "topics")
        pairs = zip(report.topics.names, report.topics.sizes, strict=True)
        yield from (f"  {count:7,}  {name}" for name, count in list(pairs)[:_ROWS])
    for found in report.differences:
        names = f"{_one_line(found.first)} | {_one_line(found.second)}"
        yield from ("", f"{names}: {found.divergence:.3f} of 1 apart (Jensen-Shannon)")
        yield f"  more in the first:  {', '.join(found.words_of_first[:_ROWS])}"
        yield f"  more in the second: {', '.join(found.words_of_second[:_ROWS])}"
    if report.purpose:
        yield from ("", f"suitable for {_one_line(report.purpose)}, from 0 to 1")
        for source in report.sources:
            yield f"  {source.suitability or 0:7.2f}  {_one_line(source.title)}"


def _rules(title: str, rules: tuple[RuleCount, ...]) -> Iterator[str]:
    if rules:
        yield from ("", title)
        yield from (f"  {r.documents:7,}  {r.rule}: {r.label}" for r in rules[:_ROWS])
        if len(rules) > _ROWS:
            yield f"           and {len(rules) - _ROWS} more"


def _basis(part: int, whole: int) -> str:
    return f" (of a sample of {part:,} documents)" if part < whole else ""


def _shares(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {share(value, 1)}" for name, value in list(shares.items())[:5])


def _row(name: str, value: str) -> str:
    return f"{name:17} {value}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
