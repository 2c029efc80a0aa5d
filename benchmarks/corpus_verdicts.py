"""Does the verdict on a corpus agree with what a sensible person would say of it?

    python -m benchmarks.corpus_verdicts --data FOLDER [--system FOLDER] [--second] [--only TEXT]

A validation of ``corpora/report/limits.py``: the evaluation sets in FOLDER, Python's own sources,
what a Debian system has under its share folder, and good texts spoiled in many ways, with what
``verdict_cases`` expects of each. Prints expected and got, and counts hits and misses; the figures
that decided go to standard error. Asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.verdict_cases import Case, first_cases, second_cases
from sslstudio.corpora.report.facts import CorpusReport


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--system", type=Path, default=Path("/usr/share"))
    parser.add_argument("--only", default="")
    parser.add_argument("--second", action="store_true")
    asked = parser.parse_args()
    hits = misses = 0
    cases = second_cases if asked.second else first_cases
    print("| text | expected | got | |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("SSLSTUDIO_CACHE", f"{folder}/cache")
        for number, case in enumerate(cases(asked.data, asked.system)):
            if asked.only not in case.name:
                continue
            own = Path(folder) / str(number)
            own.mkdir()
            row, is_hit = judged(case, own)
            print(row, flush=True)
            hits, misses = hits + (is_hit is True), misses + (is_hit is False)
    print(f"\n{hits} as expected, {misses} not")


def judged(case: Case, folder: Path) -> tuple[str, bool | None]:
    """Return the row of one text, and whether it came as expected; None where it is not here."""
    from sslstudio.corpora.report import make_report
    from sslstudio.recipe import CorpusSource

    path = case.make(folder)
    if path is None or not Path(path).exists():
        return f"| {case.name} | | not here | |", None
    report = make_report([CorpusSource(path=path, column=case.column)])
    levels = {finding.code: finding.level for finding in report.findings}
    is_named = not case.named or any(code in levels for code in case.named)
    wrong = [code for code in case.silent if code in levels]
    is_hit = report.verdict in case.levels and is_named and not wrong
    told = ", ".join(code for code in levels if code not in ("good", "fitting_preset", "skipped"))
    expected = " or ".join(case.levels) + (f": {' or '.join(case.named)}" if case.named else "")
    print(_figures(report), file=sys.stderr)
    got, mark = f"{report.verdict}: {told or '–'}", "" if is_hit else "miss"
    return f"| {case.name} | {expected} | {got} | {mark} |", is_hit


def _figures(report: CorpusReport) -> str:
    """Return what limits are compared with, for whoever wants to know why."""
    names = [
        "documents",
        "bytes",
        "sample_bytes",
        "compression_ratio",
        "entropy",
        "repeated_line_share",
        "damaged",
        "exact_duplicates",
        "near_duplicates",
        "personal_data",
        "languages",
        "lengths",
    ]
    values = {name: getattr(report, name) for name in names}
    values["languages"] = dict(list(values["languages"].items())[:5])
    values["rules"] = {rule.rule: rule.documents for rule in report.rules}
    values["sources"] = [
        (source.presets, source.repetitive, source.prose, source.cut_off, source.markup)
        for source in report.sources
    ]
    return f"    {values}"


if __name__ == "__main__":
    main()
