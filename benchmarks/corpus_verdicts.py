"""Does the verdict on a corpus agree with what a sensible person would say of it?

    python -m benchmarks.corpus_verdicts --data FOLDER [--system /usr/share] [--only NAME]

A validation of ``corpora/report/limits.py`` on texts to which the limits were not fitted: the
evaluation sets in FOLDER, Python's own sources, what a Debian system has under its share folder,
and one of those texts spoiled in many ways (``spoiled_texts``). Every expectation below was written
down before the first run: the levels that are right, the findings that must be named, and those
that must not. Prints expected and got, and counts hits and misses; asserts nothing.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import os
import random
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import spoiled_texts as spoiled

GOOD, CAUTION, BAD = "good", "caution", "bad"
_MOST_BYTES = 6_000_000


@dataclasses.dataclass(frozen=True)
class Case:
    """One text.

    Attributes:
        name: what it is.
        levels: of the verdict, those that are right.
        named: findings of which one at least must be named; empty where none need be.
        silent: findings that would be wrong.
        make: fills an empty folder, or returns the path of a source; None where it is not there.
    """

    name: str
    levels: tuple[str, ...]
    named: tuple[str, ...]
    silent: tuple[str, ...]
    make: Callable[[Path], str | None]
    options: tuple[tuple[str, str], ...] = ()


def cases(data: Path, system: Path) -> list[Case]:
    """Return all texts with what is expected of each."""
    faults = ("redundant", "dense", "damaged_text", "poor_documents", "exact_duplicates")
    found = [
        Case("customers' questions (banking77)", (GOOD,), (), (*faults, "no_language"),
             lambda _: str(data / "evaluation/banking77_train.csv"), (("column", "text"),)),
        Case("passages of novels (LAMBADA)", (GOOD,), (), (*faults, "no_language"),
             lambda _: str(data / "evaluation/lambada_openai.jsonl")),
        Case("sentences of film reviews", (GOOD,), (), (*faults, "no_language"),
             lambda folder: _lines(folder, data / "evaluation/sentence_polarity.zip", ".pos", ".neg")),
        Case("130 KB of paired sentences (CrowS)", (CAUTION,), ("small",), ("no_language", "dense"),
             lambda _: str(data / "evaluation/crows_pairs_anonymized.csv"), (("column", "sent_more"),)),
        Case("sentences made of templates (BLiMP)", (CAUTION, BAD),
             ("redundant", "near_duplicates", "exact_duplicates"), ("no_language",),
             lambda folder: _blimp(folder, data / "evaluation/blimp.zip")),
        Case("one declaration in 388 languages", (GOOD, CAUTION),
             ("several_languages", "no_language"), ("redundant", "dense", "damaged_text"),
             lambda _: str(data / "corpora/udhr2.zip")),
        Case("that declaration in German, 11 KB", (BAD,), ("small",), ("no_language",),
             lambda folder: _udhr(folder, data, "deu_1996", "deu")),
        Case("that in Chinese, Japanese, Korean, Thai", (CAUTION, BAD), ("small",),
             ("no_language", "dense", "damaged_text"),
             lambda folder: _udhr(folder, data, "cmn_hans", "jpn", "kor", "tha")),
        Case("Python's sources", (GOOD,), (), ("redundant", "no_language", "dense"),
             lambda folder: _files(folder, Path(sysconfig.get_paths()["stdlib"]), "*.py")),
        Case("reference of CMake", (GOOD,), (), ("redundant", "dense", "damaged_text"),
             lambda folder: _files(folder, _one(system, "cmake-*"), "Help/**/*.rst")),
        Case("licences of packages", (CAUTION, BAD),
             ("near_duplicates", "exact_duplicates", "repeated_lines"), ("dense", "damaged_text"),
             lambda folder: _files(folder, system / "doc", "*/copyright", "txt")),
        Case("changelogs of packages", (CAUTION,), ("personal_data",), ("dense",),
             lambda folder: _files(folder, system / "doc", "*/changelog*.gz")),
        Case("READMEs of packages", (GOOD, CAUTION), (), ("redundant", "dense", "damaged_text"),
             lambda folder: _files(folder, system / "doc", "*/README*", "txt")),
        Case("common licences", (GOOD, CAUTION), (), ("redundant", "dense", "damaged_text"),
             lambda folder: _files(folder, system / "common-licenses", "*", "txt")),
        Case("manual pages", (GOOD, CAUTION), (), ("dense", "damaged_text", "redundant"),
             lambda folder: _files(folder, system / "man/man1", "*.gz", "txt.gz")),
        Case("manual pages in German", (GOOD, CAUTION), (), ("dense", "damaged_text"),
             lambda folder: _files(folder, system / "man/de", "**/*.gz", "txt.gz")),
        Case("manual pages in Russian and Japanese", (GOOD, CAUTION), ("several_languages",),
             ("dense", "damaged_text"),
             lambda folder: _files(folder, system / "man", "[jr][au]/**/*.gz", "txt.gz")),
        Case("sources of Perl", (GOOD, CAUTION), (), ("redundant", "dense"),
             lambda folder: _files(folder, system / "perl", "5*/**/*.p[ml]", "txt")),
        Case("tables of code points (locales)", (CAUTION, BAD),
             ("no_language", "redundant", "poor_documents"), (),
             lambda folder: _files(folder, system / "i18n/locales", "*", "txt")),
        Case("log of a package manager", (CAUTION, BAD), ("redundant",), (),
             lambda folder: _files(folder, Path("/var/log"), "dpkg.log", "log")),
    ]  # fmt: skip
    lambada = data / "evaluation/lambada_openai.jsonl"

    def case(name: str, spoil: spoiled.Spoil, levels: tuple[str, ...], *named: str) -> Case:
        return Case(f"LAMBADA: {name}", levels, named, (), lambda f: _spoiled(f, lambada, spoil))

    return found + [
        case("every document thrice", spoiled.thrice, (BAD,), "exact_duplicates"),
        case("thrice with two words changed", spoiled.nearly_thrice, (BAD,), "near_duplicates"),
        case("shuffled characters", spoiled.shuffled_characters, (BAD,), "no_language", "dense"),
        case("shuffled words", spoiled.shuffled_words, (CAUTION, BAD), "no_sentences"),
        case("30 % boilerplate lines", spoiled.boilerplate, (CAUTION, BAD), "repeated_lines"),
        case("mojibake", spoiled.mojibake, (CAUTION, BAD), "damaged_text"),
        case("1 % of characters lost", spoiled.replaced_characters, (CAUTION, BAD), "damaged_text"),
        case("random base64", spoiled.random_base64, (BAD,), "dense", "no_language"),
        case("one document over and over", spoiled.one_document, (BAD,), "exact_duplicates"),
        case("documents of one sentence, 30 times", spoiled.one_sentence_each, (CAUTION, BAD),
             "poor_documents", "redundant"),
        case("log of a web server", spoiled.log_file, (CAUTION, BAD), "personal_data", "no_language"),
        case("lists of addresses", spoiled.address_lists, (CAUTION, BAD), "personal_data"),
        case("addresses in every tenth", spoiled.addresses_within, (CAUTION,), "personal_data"),
        case("passwords in every twentieth", spoiled.secrets, (CAUTION, BAD), "personal_data"),
        case("cut in mid-sentence", spoiled.cut_short, (CAUTION,), "cut_off"),
        case("tags left in", spoiled.markup, (CAUTION, BAD), "markup", "web_pages", "repeated_lines"),
        case("a space after every letter", spoiled.spaced_letters, (CAUTION, BAD), "no_language",
             "dense"),
        case("single words", spoiled.single_words, (CAUTION, BAD), "short_documents"),
        case("table of random figures", spoiled.figures, (CAUTION, BAD), "no_language", "dense"),
        case("20 KB of it", spoiled.little, (CAUTION, BAD), "small"),
        Case("half English, half German", (GOOD, CAUTION), ("several_languages",), ("no_language",),
             lambda f: _two_languages(f, lambada, system / "man/de")),
    ]  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--system", type=Path, default=Path("/usr/share"))
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    hits = misses = 0
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
    report = make_report([CorpusSource(path=path, **dict(case.options))])
    levels = {finding.code: finding.level for finding in report.findings}
    is_named = not case.named or any(code in levels for code in case.named)
    wrong = [code for code in case.silent if code in levels]
    is_hit = report.verdict in case.levels and is_named and not wrong
    told = ", ".join(code for code in levels if code not in ("good", "fitting_preset", "skipped"))
    expected = " or ".join(case.levels) + (f": {' or '.join(case.named)}" if case.named else "")
    print(_figures(report), file=sys.stderr)
    return (
        f"| {case.name} | {expected} | {report.verdict}: {told or '–'} | {'' if is_hit else 'miss'} |",
        is_hit,
    )


def _figures(report: object) -> str:
    """Return what limits are compared with, for whoever wants to know why."""
    names = ("documents", "bytes", "compression_ratio", "repeated_line_share", "damaged",
             "exact_duplicates", "near_duplicates", "personal_data", "languages", "lengths")  # fmt: skip
    values = {name: getattr(report, name) for name in names}
    values["languages"] = dict(list(values["languages"].items())[:5])
    values["sources"] = [(s.presets, s.repetitive) for s in report.sources]  # type: ignore[attr-defined]
    values["rules"] = {r.rule: r.documents for r in report.rules}  # type: ignore[attr-defined]
    return f"    {values}"


def _write(folder: Path, texts: Iterator[str] | list[str]) -> str:
    path = folder / "texts.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for text in texts:
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
    return str(path)


def _lines(folder: Path, archive: Path, *ends: str) -> str:
    with zipfile.ZipFile(archive) as packed:
        texts = [
            line.strip()
            for name in packed.namelist()
            if name.endswith(ends)
            for line in packed.read(name).decode("latin-1").split("\n")
            if line.strip()
        ]
    return _write(folder, texts)


def _blimp(folder: Path, archive: Path) -> str:
    with zipfile.ZipFile(archive) as packed:
        texts = [
            json.loads(line)["sentence_good"]
            for name in packed.namelist()
            if name.endswith(".jsonl") and "MACOSX" not in name
            for line in packed.read(name).decode("utf-8").split("\n")
            if line.strip()
        ]
    return _write(folder, texts)


def _udhr(folder: Path, data: Path, *names: str) -> str:
    with zipfile.ZipFile(data / "corpora/udhr2.zip") as packed:
        for name in names:
            if f"udhr2/{name}.txt" in packed.namelist():
                text = io.TextIOWrapper(packed.open(f"udhr2/{name}.txt"), "utf-8").read()
                (folder / f"{name}.txt").write_text(text, "utf-8")
    return str(folder)


def _files(folder: Path, root: Path | None, pattern: str, end: str = "") -> str | None:
    """Copy files in a fixed random order up to some megabytes; ``end`` is a new extension."""
    if root is None or not root.is_dir():
        return None
    paths = sorted({path.resolve() for path in root.glob(pattern) if path.is_file()})
    random.Random(1).shuffle(paths)
    size = 0
    for number, path in enumerate(paths):
        content = path.read_bytes()
        size += len(content) * (4 if path.suffix == ".gz" else 1)
        name = f"{number:05}-{path.name}" + (f".{end}" if end else "")
        if end == "txt.gz" or path.suffix == ".gz":
            name = f"{number:05}-{path.name.removesuffix('.gz')}.txt.gz"
        (folder / name).write_bytes(content)
        if size > _MOST_BYTES:
            break
    return str(folder) if paths else None


def _one(root: Path, pattern: str) -> Path | None:
    return next(iter(sorted(root.glob(pattern))), None)


def _texts(path: Path) -> list[str]:
    return [json.loads(line)["text"] for line in path.read_text("utf-8").split("\n") if line]


def _spoiled(folder: Path, path: Path, spoil: spoiled.Spoil) -> str:
    return _write(folder, spoil(_texts(path), random.Random(7)))


def _two_languages(folder: Path, english: Path, german: Path) -> str | None:
    other = folder / "pages"
    other.mkdir()
    if _files(other, german, "**/*.gz", "txt.gz") is None:
        return None
    import gzip

    pages = [gzip.decompress(p.read_bytes()).decode("utf-8", "replace") for p in other.iterdir()]
    size = sum(map(len, pages))
    texts, taken = _texts(english), 0
    for text in texts:
        if taken > size:
            break
        pages.append(text)
        taken += len(text)
    return _write(folder, pages)


if __name__ == "__main__":
    main()
