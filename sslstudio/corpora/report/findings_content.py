"""Findings about what the text is: how much, in which languages, how damaged, how private."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from sslstudio.corpora.report import limits
from sslstudio.corpora.report.facts import CorpusReport, Finding, Remedy
from sslstudio.corpora.report.findings import graded, language_name, share, size, titled
from sslstudio.recipe import CorpusSource, DataOptions

_KINDS = {
    "email": ("e-mail address", "e-mail addresses"),
    "phone": ("phone number", "phone numbers"),
    "card": ("card number", "card numbers"),
    "iban": ("IBAN", "IBANs"),
    "ip": ("IP address", "IP addresses"),
    "key": ("secret key", "secret keys"),
    "url_credentials": ("password in an address", "passwords in addresses"),
}


def size_of_corpus(
    report: CorpusReport, _sources: Sequence[CorpusSource], data: DataOptions
) -> Iterator[Finding]:
    """Too little text."""
    if report.bytes >= limits.SMALL_BYTES:
        return
    kept = size(round(report.bytes * data.validation_fraction))
    yield Finding(
        "small",
        "bad" if report.bytes < limits.TINY_BYTES else "caution",
        f"The corpus is small: {size(report.bytes)}, of which {kept} are kept apart for "
        "validation. A model soon knows it by heart.",
        "Add text of the same kind, or choose a very small model.",
    )


def damaged_text(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Characters lost or decoded wrongly before the text came here."""
    if report.damaged < limits.DAMAGED_CAUTION * max(report.characters, 1):
        return
    yield Finding(
        "damaged_text",
        "caution",
        f"{report.damaged:,} characters look as if the text had once been decoded wrongly "
        "(“Ã©” for “é”, or “�”): the model would learn to write them.",
        "Choose the encoding anew where the file is an original; or let ftfy mend it.",
        Remedy("source", "normalise", "ftfy"),
    )


def personal_data(
    report: CorpusReport, sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Addresses, numbers and secrets."""
    if all(source.personal_data == "replace" for source in sources):
        return
    secrets = sum(report.personal_data.get(kind, 0) for kind in limits.SECRETS)
    contacts = sum(report.personal_data.get(kind, 0) for kind in limits.CONTACTS)
    if not secrets and not contacts:
        return
    megabytes = max(report.bytes / 1e6, 1.0)
    is_much = (
        secrets >= limits.SECRETS_PER_MB * megabytes
        or contacts >= limits.CONTACTS_PER_MB * megabytes
    )
    found = ", ".join(
        f"{count:,} {_KINDS.get(kind, (kind, kind))[count != 1]}"
        for kind, count in report.personal_data.items()
        if count
    )
    yield Finding(
        "personal_data",
        "caution" if is_much else "good",
        f"The text holds {'' if is_much else 'a little of what may be '}personal data ({found}): "
        "a model can recite what it has read.",
        "Replace them by words such as <EMAIL>.",
        Remedy("source", "personal_data", "replace"),
    )


def redundancy(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Text that says the same over and over, or that is none."""
    ratio = report.compression_ratio
    if ratio is None:
        return
    if ratio >= limits.REDUNDANT_CAUTION:
        yield Finding(
            "redundant",
            graded(ratio, limits.REDUNDANT_BAD),
            f"The text shrinks to a {ratio:.1f}th when compressed, prose to about a third: much of "
            "it repeats itself.",
            "Deduplicate, take out repeated lines, or add more varied text.",
        )
        return
    bits = report.entropy
    if not bits or report.sample_bytes < limits.GAIN_FROM_BYTES:
        return
    if ratio < limits.GAIN_CAUTION * 8 / bits:
        yield Finding(
            "dense",
            "bad" if bits >= limits.LETTERS_BITS else "caution",
            f"The text shrinks when compressed ({ratio:.2f} times) no more than if its characters "
            "stood in random order: it may be encoded or random data, in which there is nothing "
            "to learn.",
            "Look at some documents, and exclude files that are no text.",
        )


def languages(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Much that is in no language, or several languages."""
    unknown = report.languages.get("und", 0.0) + report.languages.get("zxx", 0.0)
    if unknown >= limits.UNDETERMINED_CAUTION:
        yield Finding(
            "no_language",
            "caution",
            f"{share(unknown, 1)} of the text is in no language that could be told: code, tables, "
            "lists, or a rare language.",
            "If that is not meant, look at the most unusual documents and exclude their files.",
        )
    known = [(c, p) for c, p in report.languages.items() if c not in ("und", "zxx")]
    main = [(code, part) for code, part in known if part >= limits.LANGUAGE_NAMED]
    has_no_main = len(known) > 1 and known[0][1] < limits.LANGUAGE_MAIN * sum(p for _, p in known)
    if len(main) > 1 or has_no_main:
        named = ", ".join(f"{language_name(code)} {share(part, 1)}" for code, part in known[:4])
        yield Finding(
            "several_languages",
            "good",
            f"Several languages: {named}. A small model learns one of them faster.",
        )


def short_documents(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Documents that are hardly sentences."""
    median = report.lengths.get("p50", 0.0)
    if median >= limits.SHORT_CHARACTERS or report.documents < 2:
        return
    yield Finding(
        "short_documents",
        "caution",
        f"Half of the documents have at most {median:.0f} characters: nothing longer can be "
        "learned from them.",
        "Check what one document is: a whole file, a paragraph, or a record.",
    )


def cut_documents(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Documents that were cut short."""
    for source in report.sources:
        if min(source.cut_off, source.prose) >= limits.CUT_OFF_CAUTION:
            yield Finding(
                "cut_off",
                "caution",
                f"{share(source.cut_off, 1)} of the texts in {titled(source.title)} end in "
                "mid-sentence: the model would learn to stop there.",
                "Look whether they were cut on their way here, or what one document is.",
            )


def markup(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Tags that were left in."""
    for source in report.sources:
        if source.markup >= limits.MARKUP_CAUTION:
            yield Finding(
                "markup",
                "caution",
                f"{share(source.markup, 1)} of {titled(source.title)} is tags of web pages: the "
                "model would learn to write them.",
                "Add the pages as files of HTML, whose text is taken out of its tags.",
            )


def skipped_files(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """What could not be read."""
    if not report.skipped:
        return
    path, reason = report.skipped[0]
    count = len(report.skipped)
    yield Finding(
        "skipped",
        "good",
        f"{count:,} entr{'ies were' if count > 1 else 'y was'} not read; the first, "
        f"{PurePath(path).name}, {reason}.",
    )


def purpose(
    report: CorpusReport, _sources: Sequence[CorpusSource], _data: DataOptions
) -> Iterator[Finding]:
    """Sources that are far from the purpose that was named."""
    for number, source in enumerate(report.sources):
        value = source.suitability
        if value is not None and value < limits.UNSUITABLE:
            yield Finding(
                "unsuitable_source",
                "caution",
                f"{titled(source.title)} has little in common with {report.purpose} "
                f"({value:.2f} of 1).",
                "Give it a smaller weight, or take it out.",
                Remedy("source", "weight", "0.25", number),
            )
