"""What a sensible person would say of some sixty texts, written down before the verdict was seen.

For ``corpus_verdicts``. ``first_cases`` are texts to which no limit of the verdict was fitted when
they were first run. What they showed was mended then, so ``second_cases`` check the mends on texts
that were not looked at for them.
"""

from __future__ import annotations

import dataclasses
import random
import sysconfig
from collections.abc import Callable
from pathlib import Path

from benchmarks import spoiled_texts as spoiled
from benchmarks.verdict_texts import (
    blimp,
    declaration,
    lines_of,
    newest,
    sample_copy,
    sequences,
    some_files,
    spoiled_copy,
    texts_of,
    two_languages,
    write,
)

GOOD, CAUTION, BAD = "good", "caution", "bad"


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
    column: str = ""


def first_cases(data: Path, system: Path) -> list[Case]:
    """Return all texts with what is expected of each."""
    reviews = data / "evaluation/sentence_polarity.zip"
    pairs = data / "evaluation/crows_pairs_anonymized.csv"
    faults = ("redundant", "dense", "damaged_text", "poor_documents", "exact_duplicates")
    found = [
        Case("customers' questions (banking77)", (GOOD,), (), (*faults, "no_language"),
             lambda _: str(data / "evaluation/banking77_train.csv"), "text"),
        Case("passages of novels (LAMBADA)", (GOOD,), (), (*faults, "no_language"),
             lambda _: str(data / "evaluation/lambada_openai.jsonl")),
        Case("sentences of film reviews", (GOOD,), (), (*faults, "no_language"),
             lambda folder: lines_of(folder, reviews, ".pos", ".neg")),
        Case("130 KB of paired sentences (CrowS)", (CAUTION,), ("small",), ("no_language", "dense"),
             lambda _: str(pairs), "sent_more"),
        Case("sentences made of templates (BLiMP)", (CAUTION, BAD),
             ("redundant", "near_duplicates", "exact_duplicates"), ("no_language",),
             lambda folder: blimp(folder, data / "evaluation/blimp.zip")),
        Case("one declaration in 388 languages", (GOOD, CAUTION),
             ("several_languages", "no_language"), ("redundant", "dense", "damaged_text"),
             lambda _: str(data / "corpora/udhr2.zip")),
        Case("that declaration in German, 11 KB", (BAD,), ("small",), ("no_language",),
             lambda folder: declaration(folder, data, "deu_1996", "deu")),
        Case("that in Chinese, Japanese, Korean, Thai", (CAUTION, BAD), ("small",),
             ("no_language", "dense", "damaged_text"),
             lambda folder: declaration(folder, data, "cmn_hans", "jpn", "kor", "tha")),
        Case("Python's sources", (GOOD,), (), ("redundant", "no_language", "dense"),
             lambda folder: some_files(folder, Path(sysconfig.get_paths()["stdlib"]), "*.py")),
        Case("reference of CMake", (GOOD,), (), ("redundant", "dense", "damaged_text"),
             lambda folder: some_files(folder, newest(system, "cmake-*"), "Help/**/*.rst")),
        Case("licences of packages", (CAUTION, BAD),
             ("near_duplicates", "exact_duplicates", "repeated_lines"), ("dense", "damaged_text"),
             lambda folder: some_files(folder, system / "doc", "*/copyright", "txt")),
        Case("changelogs of packages", (CAUTION,), ("personal_data",), ("dense",),
             lambda folder: some_files(folder, system / "doc", "*/changelog*.gz")),
        Case("READMEs of packages", (GOOD, CAUTION), (), ("redundant", "dense", "damaged_text"),
             lambda folder: some_files(folder, system / "doc", "*/README*", "txt")),
        Case("common licences", (GOOD, CAUTION), (), ("redundant", "dense", "damaged_text"),
             lambda folder: some_files(folder, system / "common-licenses", "*", "txt")),
        Case("manual pages", (GOOD, CAUTION), (), ("dense", "damaged_text", "redundant"),
             lambda folder: some_files(folder, system / "man/man1", "*.gz", "txt.gz")),
        Case("manual pages in German", (GOOD, CAUTION), (), ("dense", "damaged_text"),
             lambda folder: some_files(folder, system / "man/de", "**/*.gz", "txt.gz")),
        Case("manual pages in Russian and Japanese", (GOOD, CAUTION), ("several_languages",),
             ("dense", "damaged_text"),
             lambda folder: some_files(folder, system / "man", "[jr][au]/**/*.gz", "txt.gz")),
        Case("sources of Perl", (GOOD, CAUTION), (), ("redundant", "dense"),
             lambda folder: some_files(folder, system / "perl", "5*/**/*.p[ml]", "txt")),
        Case("tables of code points (locales)", (CAUTION, BAD),
             ("no_language", "redundant", "poor_documents"), (),
             lambda folder: some_files(folder, system / "i18n/locales", "*", "txt")),
        Case("log of a package manager", (CAUTION, BAD), ("redundant",), (),
             lambda folder: some_files(folder, Path("/var/log"), "dpkg.log", "log")),
    ]  # fmt: skip
    lambada = data / "evaluation/lambada_openai.jsonl"

    def case(name: str, spoil: spoiled.Spoil, levels: tuple[str, ...], *named: str) -> Case:
        return Case(
            f"LAMBADA: {name}", levels, named, (), lambda f: spoiled_copy(f, lambada, spoil)
        )

    return [
        *found,
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
        case("log of a web server", spoiled.log_file, (CAUTION, BAD), "personal_data",
             "no_language"),
        case("lists of addresses", spoiled.address_lists, (CAUTION, BAD), "personal_data"),
        case("addresses in every tenth", spoiled.addresses_within, (CAUTION,), "personal_data"),
        case("passwords in every twentieth", spoiled.secrets, (CAUTION, BAD), "personal_data"),
        case("cut in mid-sentence", spoiled.cut_short, (CAUTION,), "cut_off"),
        case("tags left in", spoiled.markup, (CAUTION, BAD), "markup", "web_pages",
             "repeated_lines"),
        case("a space after every letter", spoiled.spaced_letters, (CAUTION, BAD), "no_language",
             "dense"),
        case("single words", spoiled.single_words, (CAUTION, BAD), "short_documents"),
        case("table of random figures", spoiled.figures, (CAUTION, BAD), "no_language", "dense"),
        case("20 KB of it", spoiled.little, (CAUTION, BAD), "small"),
        Case("half English, half German", (GOOD, CAUTION), ("several_languages",), ("no_language",),
             lambda f: two_languages(f, lambada, system / "man/de")),
    ]  # fmt: skip


def second_cases(data: Path, system: Path) -> list[Case]:
    """Return texts for what was mended after the first; expectations written before they ran."""
    form = ("dense", "markup", "cut_off")
    reviews = data / "evaluation/sentence_polarity.zip"

    def from_sample(
        name: str, sample: str, spoil: spoiled.Spoil, levels: tuple[str, ...], *named: str
    ) -> Case:
        return Case(name, levels, named, () if named else form,
                    lambda folder: sample_copy(folder, sample, spoil))  # fmt: skip

    def from_reviews(name: str, spoil: spoiled.Spoil, levels: tuple[str, ...], *named: str) -> Case:
        def make(folder: Path) -> str:
            texts = texts_of(Path(lines_of(folder, reviews, ".pos", ".neg")))
            return write(folder, spoil(texts, random.Random(8)))

        return Case(f"film reviews: {name}", levels, named, (), make)

    def as_they_are(texts: list[str], _draw: random.Random) -> list[str]:
        return texts

    return [
        Case("Shakespeare's plays", (GOOD,), (), form,
             lambda _: str(data / "corpora/tinyshakespeare.txt")),
        Case("Botchan", (GOOD,), (), form, lambda _: str(data / "corpora/botchan_en.txt")),
        from_sample("sample: handbook", "handbook", as_they_are, (GOOD,)),
        from_sample("sample: tales", "tales", as_they_are, (GOOD, CAUTION)),
        from_sample("sample: Python source", "code", as_they_are, (GOOD, CAUTION)),
        from_sample("handbook: cut in mid-sentence", "handbook", spoiled.cut_short,
                    (CAUTION, BAD), "cut_off"),
        from_sample("handbook: tags left in", "handbook", spoiled.markup, (CAUTION, BAD), "markup"),
        from_sample("handbook: thrice", "handbook", spoiled.thrice, (BAD,), "exact_duplicates"),
        from_sample("handbook: nearly thrice", "handbook", spoiled.nearly_thrice, (BAD,),
                    "near_duplicates"),
        from_sample("Python source: shuffled characters", "code", spoiled.shuffled_characters,
                    (BAD,), "dense"),
        from_reviews("shuffled characters", spoiled.shuffled_characters, (BAD,), "dense"),
        from_reviews("random base64", spoiled.random_base64, (BAD,), "dense"),
        from_reviews("tags left in", spoiled.markup, (CAUTION, BAD), "markup"),
        from_reviews("mojibake", spoiled.mojibake, (CAUTION, BAD), "damaged_text"),
        Case("random sequences as of DNA", (CAUTION,), ("dense", "no_language"), (), sequences),
        Case("pages of documentation, as text with tags", (CAUTION, BAD), ("markup",), (),
             lambda folder: some_files(folder, system / "doc", "*/**/*.html", "txt")),
        Case("the same pages as HTML", (GOOD, CAUTION, BAD), (), ("markup", "dense"),
             lambda folder: some_files(folder, system / "doc", "*/**/*.html", "html")),
        Case("manual pages of section 8", (GOOD, CAUTION, BAD), (), form,
             lambda folder: some_files(folder, system / "man/man8", "*.gz", "txt.gz")),
        Case("manual pages in French", (GOOD, CAUTION), (), form,
             lambda folder: some_files(folder, system / "man/fr", "**/*.gz", "txt.gz")),
    ]  # fmt: skip
