"""The tables of a recipe on its texts: sources, split and mixture, tokenizer.

Like those in ``options``: declared once, with bounds and help, and checked when an instance is
built.
"""

from __future__ import annotations

import dataclasses

from sslstudio.registry import check_options, option


@dataclasses.dataclass(frozen=True, kw_only=True)
class CorpusSource:
    """One source of text."""

    path: str = option(
        "sample:handbook",
        help="A file, a folder, a glob, an archive, a sample, or hub:OWNER/NAME where there is a "
        "network.",
    )
    documents: str = option(
        "auto",
        help="What one document is: file, paragraph (blank line), record, or a separator "
        "of your own. Auto chooses by the kind of file.",
    )
    weight: float = option(
        1.0,
        minimum=0.0,
        maximum=100.0,
        help="How much of it is read, beside the others: see data.mixing. 2 reads it twice as "
        "often.",
    )
    column: str = option(
        "auto",
        help="Which column or field holds the text, in tables and in JSON. Auto takes one named "
        "text, content or body, or else the one with the longest texts.",
    )
    encoding: str = option(
        "auto",
        help="How its bytes spell characters. Auto reads UTF-8, and UTF-16 with a byte-order "
        "mark; anything else has to be named, for a guess can be wrong.",
    )
    include: tuple[str, ...] = option(
        (), help="Patterns such as *.txt: of a folder or an archive, only what fits one is read."
    )
    exclude: tuple[str, ...] = option(
        (), help="Patterns such as drafts/*: what fits one is not read."
    )
    preset: str = option(
        "as_is",
        choices=("as_is", "web", "prose", "dialogue", "code"),
        help="Which documents are left out as poor: as it is, nothing; web, by the rules for web "
        "pages; prose, dialogue and poetry, code and tables, by what suits those.",
        source="reference 2.2",
    )
    rules_off: tuple[str, ...] = option(
        (), help="Rules of the preset that are not applied, by name."
    )
    normalise: str = option(
        "none",
        choices=("none", "nfc", "nfkc", "ftfy"),
        help="NFC: one spelling for every accented letter, no stray control characters. NFKC also "
        "makes ² a 2. ftfy also mends text that was decoded wrongly, where it is installed.",
    )
    personal_data: str = option(
        "keep",
        choices=("keep", "replace"),
        help="Replace e-mail addresses, phone and card numbers, IBANs, IP addresses, keys and "
        "passwords in addresses by words such as <EMAIL>.",
    )
    licence: str = option("", help="A note on what the text may be used for; kept in the manifest.")

    def __post_init__(self) -> None:
        check_options(self, "corpora")


@dataclasses.dataclass(frozen=True, kw_only=True)
class DataOptions:
    """How text is kept apart for validation."""

    split: str = option(
        "auto",
        choices=("auto", "documents", "tail"),
        help="Documents: whole documents, chosen by hash. Tail: the last part of each "
        "document. Auto takes the tail where documents are few.",
    )
    validation_fraction: float = option(
        0.05, minimum=0.001, maximum=0.5, help="Share of the text that is never trained on."
    )
    deduplicate: str = option(
        "none",
        choices=("none", "exact", "near"),
        help="Exact: of documents that differ only in case, spacing and punctuation one is kept. "
        "Near: also of those that share most of their five-word sequences.",
        source="MinHash-LSH, 14 bands of 8; reference 2.3",
    )
    repeated_lines: str = option(
        "keep",
        choices=("keep", "remove"),
        help="Take out lines that stand in very many documents: menus, footers, notices.",
    )
    mixing: str = option(
        "weights",
        choices=("weights", "shares", "temperature", "unimax"),
        help="Weights: every source by its size, times its weight. Shares: the weights alone. "
        "Temperature: sizes raised to mixing_alpha, so that small sources count for more. "
        "UniMax: equal shares, but none is read more than most_epochs times.",
        source="reference 2.10",
    )
    mixing_alpha: float = option(
        0.3, minimum=0.0, maximum=1.0, help="With temperature: 0 makes all alike, 1 is by size."
    )
    most_epochs: float = option(
        4.0,
        minimum=0.1,
        maximum=1000.0,
        help="With UniMax: how often a source is read at most.",
        source="Chung et al. 2023, 2304.09151; Muennighoff et al. 2023, 2305.16264",
    )

    def __post_init__(self) -> None:
        check_options(self, "data")


@dataclasses.dataclass(frozen=True, kw_only=True)
class TokenizerOptions:
    """How text becomes tokens."""

    kind: str = option(
        "bpe",
        choices=("bpe", "unigram", "wordpiece", "characters", "bytes", "file"),
        help="Byte-pair encoding suits most text; unigram and wordpiece choose their pieces by "
        "other rules; characters suits very small models.",
        source="Sennrich et al. 2016; Kudo 2018; Devlin et al. 2019",
    )
    vocab_size: int = option(
        4096,
        minimum=400,
        maximum=262_144,
        help="How many different tokens there are at most. A larger vocabulary makes texts "
        "shorter and the model larger.",
        source="reference: V·d/N at most 30–40 %",
    )
    normalizer: str = option(
        "none",
        choices=("none", "nfc", "nfkc", "lowercase", "strip_accents"),
        help="What the vocabulary does to a text before it cuts it. Anything but none cannot be "
        "undone: the model then reads and writes the changed text, and bits per byte are of it. "
        "A file brings its own.",
    )
    pre_tokenizer: str = option(
        "words",
        choices=("words", "digits", "spaces", "none"),
        help="Of bpe, unigram and wordpiece: what no token may lie across. Words: as in GPT-2. "
        "Digits: also every digit alone. Spaces: only between words. None: only line ends, so "
        "that phrases become tokens.",
    )
    file: str = option("", help="With kind = file: the tokenizer.json to use.")

    def __post_init__(self) -> None:
        check_options(self, "tokenizer")
