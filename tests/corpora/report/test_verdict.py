"""The verdict: what is told at which figure, and the change that a button makes."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from sslstudio.corpora.report.facts import (
    CorpusReport,
    RepeatedLine,
    RuleCount,
    SourceReport,
)
from sslstudio.corpora.report.findings import mostly, share, size
from sslstudio.corpora.report.verdict import judge
from sslstudio.recipe import CorpusSource, DataOptions, Recipe
from tests.corpora.report.report_making import report_of, source_of

_SOURCES = (CorpusSource(path="a.txt"),)


def _judged(report: CorpusReport, **data: Any) -> CorpusReport:
    return judge(report, _SOURCES, DataOptions(**data))


def _codes(report: CorpusReport) -> list[str]:
    return [finding.code for finding in report.findings]


def test_a_sound_corpus_gets_one_good_sentence() -> None:
    judged = _judged(report_of())
    assert judged.verdict == "good"
    assert _codes(judged) == ["good"]
    assert "5.0 MB" in judged.findings[0].text
    assert "English" in judged.findings[0].text


_MANY = dict.fromkeys(
    [
        "af",
        "ar",
        "be",
        "bg",
        "bn",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fa",
        "fi",
        "fr",
        "he",
        "hi",
        "hu",
        "it",
    ],
    0.042,
)


def _of_source(**changes: float) -> SourceReport:
    return dataclasses.replace(source_of("a.txt"), **changes)  # type: ignore[arg-type]


_LINE = RepeatedLine("All rights reserved", 500, 9500)


@pytest.mark.parametrize(
    ("changes", "code", "level", "remedy"),
    [
        ({"exact_duplicates": 20}, "exact_duplicates", "caution", ("deduplicate", "exact")),
        ({"exact_duplicates": 400}, "exact_duplicates", "bad", ("deduplicate", "exact")),
        ({"near_duplicates": 60}, "near_duplicates", "caution", ("deduplicate", "near")),
        (
            {"repeated_line_share": 0.1, "repeated_lines": (_LINE,)},
            "repeated_lines",
            "caution",
            ("repeated_lines", "remove"),
        ),
        ({"personal_data": {"key": 6}}, "personal_data", "caution", ("personal_data", "replace")),
        ({"personal_data": {"email": 1}}, "personal_data", "good", ("personal_data", "replace")),
        ({"damaged": 5000}, "damaged_text", "caution", ("normalise", "ftfy")),
        ({"compression_ratio": 9.0}, "redundant", "caution", None),
        ({"compression_ratio": 1.8, "entropy": 4.3}, "dense", "bad", None),
        ({"compression_ratio": 2.3, "entropy": 3.4}, "dense", "caution", None),
        ({"languages": {"und": 0.6, "en": 0.4}}, "no_language", "caution", None),
        ({"languages": {"en": 0.6, "de": 0.4}}, "several_languages", "good", None),
        (
            {"languages": {"und": 0.2, **_MANY}},
            "several_languages",
            "good",
            None,
        ),
        ({"sources": (_of_source(markup=0.2),)}, "markup", "caution", None),
        ({"sources": (_of_source(prose=0.9, cut_off=0.6),)}, "cut_off", "caution", None),
        ({"bytes": 100_000}, "small", "caution", None),
        ({"bytes": 5_000}, "small", "bad", None),
        ({"skipped": (("x.pdf", "is broken"),)}, "skipped", "good", None),
        ({"evaluation_leaks": {"exam.jsonl": 3}}, "evaluation_leaks", "bad", None),
        ({"leaks": 50, "held_out": 100}, "validation_leaks", "good", None),
        ({"lengths": {"p50": 8.0}}, "short_documents", "caution", None),
    ],
)
def test_a_figure_beyond_its_limit_is_told(
    changes: dict[str, Any], code: str, level: str, remedy: tuple[str, str] | None
) -> None:
    judged = _judged(dataclasses.replace(report_of(), **changes))
    (finding,) = [f for f in judged.findings if f.code == code]
    assert finding.level == level
    assert judged.verdict == level
    change = finding.change
    assert (None if change is None else (change.name, change.value)) == remedy


@pytest.mark.parametrize(
    "changes",
    [
        {"compression_ratio": 2.2, "entropy": 4.3},  # prose
        {"compression_ratio": 1.1, "entropy": 6.0, "sample_bytes": 345},  # too little to tell
        {"languages": {"en": 0.94, "de": 0.04, "fr": 0.02}},
        {"sources": (_of_source(markup=0.01),)},
        {"sources": (_of_source(prose=0.9, cut_off=0.3),)},
        {"sources": (_of_source(prose=0.1, cut_off=0.9),)},  # verse, with a preface or two
    ],
)
def test_a_figure_within_its_limit_is_not_told(changes: dict[str, Any]) -> None:
    judged = _judged(dataclasses.replace(report_of(), **changes))
    assert _codes(judged) == ["good"]


def test_every_change_is_one_that_a_recipe_takes() -> None:
    everything = dataclasses.replace(
        report_of(),
        exact_duplicates=500,
        near_duplicates=500,
        repeated_line_share=0.5,
        repeated_lines=(_LINE,),
        personal_data={"key": 50},
        damaged=10**6,
        sources=(dataclasses.replace(source_of("a"), repetitive=0.5, suitability=0.1),),
        purpose="p",
    )
    changes = [f.change for f in _judged(everything).findings if f.change is not None]
    assert len(changes) >= 7
    for change in changes:
        table = "data" if change.table == "data" else f"corpora.{max(change.source, 0)}"
        Recipe().with_settings([f"{table}.{change.name}={change.value}"])


def test_what_is_mended_already_is_not_told_again() -> None:
    report = dataclasses.replace(
        report_of(),
        exact_duplicates=500,
        near_duplicates=500,
        repeated_line_share=0.5,
        repeated_lines=(_LINE,),
    )
    mended = _judged(report, deduplicate="near", repeated_lines="remove")
    assert mended.verdict == "good"


def test_the_worst_comes_first_and_decides() -> None:
    judged = _judged(dataclasses.replace(report_of(), damaged=5000, exact_duplicates=400))
    assert judged.verdict == "bad"
    assert _codes(judged)[:2] == ["exact_duplicates", "damaged_text"]


def _with_presets(preset: str = "as_is", removed: float = 0.0, **presets: float) -> CorpusReport:
    source = source_of("poems")
    source = dataclasses.replace(
        source, preset=preset, removed=removed, presets={**source.presets, **presets}
    )
    return report_of(source)


def test_poems_are_not_condemned_by_the_rules_for_web_pages() -> None:
    judged = _judged(_with_presets(web=0.9, prose=0.02))
    assert judged.verdict == "good"
    (told,) = [f for f in judged.findings if f.code == "fitting_preset"]
    assert "books and prose" in told.text
    assert "90 %" in told.text


def test_a_preset_that_takes_out_most_is_told_with_one_that_fits() -> None:
    judged = _judged(_with_presets("web", 0.9, web=0.9, prose=0.5, dialogue=0.02))
    (told,) = [f for f in judged.findings if f.code == "much_removed"]
    assert told.level == "bad"
    assert told.change is not None
    assert (told.change.name, told.change.value, told.change.source) == ("preset", "dialogue", 0)


def test_web_pages_are_told_by_what_only_they_hold() -> None:
    report = _with_presets(web=0.3)
    assert "web_pages" not in _codes(_judged(report))
    signs = (RuleCount("c4_policy", "Policy", 100),)
    assert "web_pages" in _codes(_judged(dataclasses.replace(report, rules=signs)))


def test_shares_sizes_and_languages_are_said_plainly() -> None:
    assert [share(n, 1000) for n in (0, 0.1, 5, 99, 100, 1000)] == [
        "0 %", "less than 0.1 %", "0.5 %", "9.9 %", "10 %", "100 %",
    ]  # fmt: skip
    assert [size(n) for n in (12, 1200, 274_488, 8_500_000, 2 * 10**9)] == [
        "12 bytes", "1.2 KB", "274 KB", "8.5 MB", "2.0 GB",
    ]  # fmt: skip
    two = dataclasses.replace(report_of(), languages={"en": 0.7, "de": 0.3})
    assert mostly(two) == ", of which English 70 %, German 30 %"
    assert mostly(dataclasses.replace(report_of(), languages={"und": 1.0})) == ""
