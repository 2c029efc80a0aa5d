"""A report as one self-contained page: no network, no scripts, light and dark, safe to hand on.

The last step of the report's way. Everything that comes from a corpus (titles, lines, words) is
escaped, so a hostile title is text. Personal data are masked already where they were found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sslstudio.corpora.personal.finding import LABELS
from sslstudio.corpora.report.drawings import bar, colour, escaped, histogram, topic_map
from sslstudio.corpora.report.facts import ChangeCount, CorpusReport, Example, Finding, RuleCount
from sslstudio.corpora.report.findings import language_name, removal_basis, share, size
from sslstudio.corpora.report.html_style import STYLE

_HEADINGS = {
    "good": "This corpus is sound",
    "caution": "This corpus wants a look",
    "bad": "This corpus should be mended first",
}
_MARKS = {"good": "Good", "caution": "Caution", "bad": "Bad"}
_ROWS = 20


def to_html(report: CorpusReport) -> str:
    """Return the page."""
    names = ", ".join(source.title for source in report.sources)
    parts = [part for build in _PARTS for part in build(report)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>Report on {escaped(names)}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{escaped(names)}</h1>"
        f'<p class="quiet">Corpus report by SSL Studio; measured in {report.seconds:.1f} s.</p>'
        f"{''.join(parts)}</main></body></html>\n"
    )


def _verdict(report: CorpusReport) -> Iterator[str]:
    findings = "".join(map(_finding, report.findings))
    yield _section(_HEADINGS[report.verdict], findings, f"verdict {report.verdict}")


def _finding(finding: Finding) -> str:
    remedy = f'<p class="quiet">{escaped(finding.remedy)}</p>' if finding.remedy else ""
    mark = f'<span class="mark {finding.level}">{_MARKS[finding.level]}.</span>'
    return f'<div class="finding"><p>{mark} {escaped(finding.text)}</p>{remedy}</div>'


def _tiles(report: CorpusReport) -> Iterator[str]:
    tiles = [
        (f"{report.documents:,}", "documents"),
        (size(report.bytes), f"{report.characters:,} characters"),
        (f"{report.words:,}", "words between white space"),
        (share(report.exact_duplicates, max(report.documents, 1)), "are exact copies"),
        (share(report.near_duplicates, max(report.checked_documents, 1)), "are near copies"),
        (share(report.repeated_line_share, 1), "of the text in repeated lines"),
    ]
    if report.leaks is not None and report.held_out:
        tiles.append((share(report.leaks, report.held_out), "of validation shares phrases"))
    if report.compression_ratio is not None:
        tiles.append((f"{report.compression_ratio:.2f} ×", "smaller when compressed"))
    if report.heaps:
        tiles.append((f"{report.heaps['beta']:.2f}", "Heaps’ β: how new words go on coming"))
    if report.mattr is not None:
        tiles.append((f"{report.mattr:.2f}", "different words in 500 (MATTR)"))
    if report.vendi is not None:
        tiles.append((f"{report.vendi:.0f}", "kinds of passages (Vendi score)"))
    shown = (
        f'<div class="tile"><b>{escaped(value)}</b><span class="quiet">{escaped(text)}</span></div>'
        for value, text in tiles
    )
    yield f'<div class="tiles">{"".join(shown)}</div>'
    yield f'<p class="quiet" style="margin-top:8px">{escaped(_basis(report))}</p>'


def _basis(report: CorpusReport) -> str:
    parts = [f"Counts stand on all {size(report.bytes)}"]
    if report.checked_documents < report.documents:
        parts.append(f"near copies on a sample of {report.checked_documents:,} documents")
    if report.ruled_documents < report.documents:
        parts.append(f"rules on a sample of {size(report.ruled_bytes)}")
    parts.append(
        f"languages, diversity and topics on {report.sample_documents:,} passages, "
        f"{size(report.sample_bytes)}"
    )
    return "; ".join(parts) + "."


def _shape(report: CorpusReport) -> Iterator[str]:
    lengths = report.lengths
    words = (
        f'<p class="quiet">Characters a document. Half have fewer than {lengths["p50"]:,.0f}, one '
        f"in twenty more than {lengths['p95']:,.0f}; the longest {lengths['max']:,.0f}.</p>"
    )
    drawn = histogram(report.histogram_edges, report.histogram_counts)
    languages = {language_name(code): part for code, part in report.languages.items()}
    yield '<div class="pair">'
    yield _section("Lengths", drawn + words)
    yield _section("Languages and scripts", _bars(languages) + _bars(report.scripts))
    yield "</div>"


def _bars(shares: Mapping[str, float]) -> str:
    rows = [(name, part) for name, part in list(shares.items())[:8] if part >= 0.0005]
    return _table(
        ("", "", ""),
        (
            f'<td>{escaped(name)}</td><td class="track">{bar(part)}</td>'
            f'<td class="n">{share(part, 1)}</td>'
            for name, part in rows
        ),
    )


def _rules(report: CorpusReport) -> Iterator[str]:
    if report.removed or report.changed:
        yield _section(
            "Taken out by the present settings",
            f'<p class="quiet">{escaped(removal_basis(report))}</p>'
            + (_rule_table(report.removed) if report.removed else "")
            + (_change_table(report.changed) if report.changed else ""),
        )
    if report.rules:
        note = (
            '<p class="quiet">Every rule is tried, whether a preset applies it or not. Rules for '
            "web pages fire on sound poems, code and dialogue.</p>"
        )
        yield _section("Quality rules that fire", note + _rule_table(report.rules))


def _rule_table(rules: tuple[RuleCount, ...]) -> str:
    return _table(
        ("Rule", "Example", "#Documents"),
        (
            f"<td>{escaped(rule.label)}</td><td>{_first(rule.examples)}</td>"
            f'<td class="n">{rule.documents:,}</td>'
            for rule in rules[:_ROWS]
        ),
    )


def _change_table(changes: tuple[ChangeCount, ...]) -> str:
    return _table(
        ("Changed inside those that stay", "#Times"),
        (
            f'<td>{escaped(change.label)}</td><td class="n">{change.times:,}</td>'
            for change in changes[:_ROWS]
        ),
    )


def _first(examples: tuple[Example, ...]) -> str:
    if not examples:
        return ""
    return (
        f'{escaped(examples[0].title)}<br><span class="quiet">{escaped(examples[0].excerpt)}</span>'
    )


def _copies(report: CorpusReport) -> Iterator[str]:
    if report.clusters:
        groups = "".join(
            f"<details><summary>{cluster.size:,} documents like "
            f"“{escaped(cluster.documents[0].title)}”</summary>"
            f"{_list(example.title for example in cluster.documents)}</details>"
            for cluster in report.clusters[:_ROWS]
        )
        yield _section("Groups of copies", groups)
    if report.repeated_lines:
        yield _section(
            "Lines that stand in very many documents",
            _table(
                ("Line", "#Documents"),
                (
                    f'<td>{escaped(line.text)}</td><td class="n">{line.documents:,}</td>'
                    for line in report.repeated_lines
                ),
            ),
        )


def _personal(report: CorpusReport) -> Iterator[str]:
    found = {kind: count for kind, count in report.personal_data.items() if count}
    if found:
        yield _section(
            "Personal data",
            _table(
                ("Kind", "Example, masked", "#Found"),
                (
                    f"<td>{escaped(LABELS.get(kind, kind))}</td>"
                    f"<td>{_masked(report, kind)}</td>"
                    f'<td class="n">{count:,}</td>'
                    for kind, count in found.items()
                ),
            ),
        )


def _masked(report: CorpusReport, kind: str) -> str:
    examples = report.personal_examples.get(kind, ())
    return escaped(examples[0].excerpt) if examples else ""


def _topics(report: CorpusReport) -> Iterator[str]:
    topics = report.topics
    if not topics.names:
        return
    rows = (
        f'<td><span style="color:{colour(number)}">●</span> {escaped(name)}</td>'
        f'<td class="n">{count:,}</td>'
        for number, (name, count) in enumerate(zip(topics.names, topics.sizes, strict=True))
    )
    yield '<div class="pair">'
    yield _section("Topics", topic_map(topics))
    yield _section("Their telling words", _table(("Words", "#Passages"), rows))
    yield '</div><div class="pair">'
    yield _section("Most typical", _examples(topics.typical))
    yield _section("Most unusual", _examples(topics.unusual))
    yield "</div>"


def _sources(report: CorpusReport) -> Iterator[str]:
    if len(report.sources) > 1 or report.purpose:
        title = "Sources" + (f", and how they suit {report.purpose}" if report.purpose else "")
        yield _section(
            escaped(title),
            _table(
                ("Source", "", "#Suitable", "#Documents", "#Text"),
                (
                    f'<td>{escaped(source.title)}</td><td class="track">'
                    f"{bar(source.suitability or 0) if report.purpose else ''}</td>"
                    f'<td class="n">{_figure(source.suitability)}</td>'
                    f'<td class="n">{source.documents:,}</td>'
                    f'<td class="n">{size(source.bytes)}</td>'
                    for source in report.sources
                ),
            ),
        )
    if report.purpose:
        yield '<div class="pair">'
        yield _section("Most like the purpose", _examples(report.suitable))
        yield _section("Least like it", _examples(report.unsuitable))
        yield "</div>"
    for found in report.differences:
        yield _section(
            f"{escaped(found.first)} and {escaped(found.second)}",
            f"<p>{found.divergence:.3f} of 1 apart by their words (Jensen–Shannon divergence).</p>"
            f'<p><span class="quiet">More in the first:</span> '
            f"{escaped(', '.join(found.words_of_first))}</p>"
            f'<p><span class="quiet">More in the second:</span> '
            f"{escaped(', '.join(found.words_of_second))}</p>",
        )


def _skipped(report: CorpusReport) -> Iterator[str]:
    if report.skipped:
        rows = (
            f"<td>{escaped(path)}</td><td>{escaped(reason)}</td>"
            for path, reason in report.skipped[:200]
        )
        yield _section("Not read", _table(("Entry", "Reason"), rows))


_PARTS = (
    _verdict,
    _tiles,
    _shape,
    _sources,
    _rules,
    _copies,
    _personal,
    _topics,
    _skipped,
)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _examples(examples: tuple[Example, ...]) -> str:
    return "".join(
        f'<p>{escaped(example.title)}<br><span class="quiet">{escaped(example.excerpt)}</span></p>'
        for example in examples
    )


def _list(texts: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escaped(text)}</li>' for text in texts)}</ul>"


def _section(title: str, body: str, style: str = "") -> str:
    """Return a card; ``title`` and ``body`` are markup already."""
    kind = f' class="{style}"' if style else ""
    return f"<section{kind}><h2>{title}</h2>{body}</section>"


def _table(heads: tuple[str, ...], rows: Iterable[str]) -> str:
    """Return a table; a head that begins with # stands over figures, and without heads are bars."""
    cells = "".join(
        f'<th class="n">{head[1:]}</th>' if head.startswith("#") else f"<th>{head}</th>"
        for head in heads
    )
    top = f"<thead><tr>{cells}</tr></thead>" if any(heads) else ""
    style = "" if any(heads) else ' class="bars"'
    return f"<table{style}>{top}<tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"
