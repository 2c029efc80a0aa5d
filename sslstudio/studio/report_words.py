"""A report in words: tiles, bars and lists made of ``CorpusReport`` for the Report tab.

Pure functions; each figure comes with a sentence on what it means and, as a tooltip, on how much
text it stands and how it was measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QLocale

from sslstudio.corpora.report import findings
from sslstudio.corpora.report.facts import CorpusReport, Difference, Example, RuleCount
from sslstudio.studio import sentences
from sslstudio.studio.widgets.example_tree import Branch, Leaf
from sslstudio.studio.widgets.share_bars import ShareBar

_MOST_LANGUAGES = 6
_EXCERPT = 120
PERSONAL = {
    "email": "E-mail addresses",
    "phone": "Phone numbers",
    "card": "Card numbers",
    "iban": "Bank accounts (IBAN)",
    "ip": "IP addresses",
    "key": "Keys and tokens",
    "url_credentials": "Passwords in addresses",
}


def percent(share: float) -> str:
    """Return "4.2 %", "62 %", or "under 0.1 %"."""
    value = 100 * share
    if 0 < value < 0.1:
        return "under 0.1 %"
    return f"{value:.0f} %" if value >= 10 or value == 0 else f"{value:.1f} %"


def verdict_words(report: CorpusReport) -> str:
    """Return the verdict in a few words."""
    poor = [f for f in report.findings if f.level == "bad"]
    mild = [f for f in report.findings if f.level == "caution"]
    if report.verdict == "bad":
        return f"Not ready to train on: {_things(len(poor) or 1)} to mend first"
    if report.verdict == "caution":
        return f"Usable, with {_things(len(poor) + len(mild))} to mend"
    return f"Good, with {_things(len(mild))} to mend" if mild else "Good to train on"


def _things(number: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    word = words[number] if number < len(words) else str(number)
    return f"{word} thing{'' if number == 1 else 's'}"


def basis(report: CorpusReport) -> str:
    """Say on how much text the report stands, and how long it took."""
    if report.is_sample:
        read = (
            f"a sample of {sentences.size(report.read_bytes)} "
            f"of {sentences.size(report.total_bytes)}"
        )
    else:
        read = f"all {sentences.size(report.total_bytes)}"
    if 0 < report.checked_documents < report.documents:
        read += f", near duplicates and rules from {sentences.size(report.checked_bytes)}"
    return f"Made from {read} in {sentences.duration(report.seconds)}."


def tiles_of(report: CorpusReport, bytes_per_token: float) -> list[tuple[str, str, str]]:
    """Return (figure, sentence, tooltip) for each tile."""
    tokens = report.bytes / bytes_per_token
    tiles = [
        (
            sentences.count(report.documents),
            "documents",
            f"{report.documents:,} documents with {report.words:,} words, counted at white space",
        ),
        (
            sentences.count(report.characters),
            "characters",
            f"{report.characters:,} characters, {report.bytes:,} bytes in UTF-8",
        ),
        (
            sentences.count(tokens),
            f"tokens, {bytes_per_token:.1f} bytes each",
            "About how many tokens the model can read here with the vocabulary of the recipe; "
            "the Tokens tab measures it",
        ),
        _language_tile(report),
        (
            sentences.count(report.exact_duplicates + report.near_duplicates),
            "exact and near duplicates",
            f"{report.exact_duplicates:,} documents equal an earlier one up to case, spacing and "
            f"punctuation; {report.near_duplicates:,} more share most of their five-word "
            f"sequences with one, in {report.near_duplicate_groups:,} groups. Repeated text is "
            "learned by heart",
        ),
        _removed_tile(report),
    ]
    return tiles + _variety_tiles(report) + _leak_tiles(report)


def _language_tile(report: CorpusReport) -> tuple[str, str, str]:
    known = {code: share for code, share in report.languages.items() if code != "und"}
    counted = [code for code, share in known.items() if share >= 0.005] or list(known)
    if not known:
        return "–", "languages", "No text was long enough to tell its language"
    first = max(known, key=lambda code: known[code])
    noun = "language" if len(counted) == 1 else "languages"
    return (
        str(len(counted)),
        f"{noun}, {percent(known[first])} {language_name(first)}",
        "Languages with at least 0.5 % of the text, told from pieces of some 300 characters",
    )


def _removed_tile(report: CorpusReport) -> tuple[str, str, str]:
    removed = sum(rule.documents for rule in report.removed)
    examined = report.removal_documents or report.documents
    return (
        percent(removed / examined if examined else 0.0),
        "taken out by mending",
        f"{removed:,} of {examined:,} documents{' of a sample' * report.removal_is_sample} are "
        "left out with the present settings: by rules, as copies, or from validation because they "
        "nearly stand in training; the files stay as they are",
    )


def _variety_tiles(report: CorpusReport) -> list[tuple[str, str, str]]:
    tiles = []
    if beta := report.heaps.get("beta"):
        tiles.append(
            (
                f"× {2**beta:.2f}",
                "different words in twice the text",
                f"Growth of the vocabulary: Heaps' β is {beta:.2f} "
                f"(R² {report.heaps.get('r2', 0.0):.3f}); English prose has 0.4 to 0.6. "
                "Less means that the text repeats itself",
            )
        )
    if report.compression_ratio is not None:
        tiles.append(
            (
                f"{report.compression_ratio:.1f} : 1",
                f"compressible, {_compressible(report.compression_ratio)}",
                f"Measured on {sentences.size(report.sample_bytes)}; "
                "the higher, the more the text repeats itself",
            )
        )
    if report.vendi is not None:
        tiles.append(
            (
                f"{report.vendi:.0f}" if report.vendi >= 10 else f"{report.vendi:.1f}",
                "unlike documents' worth of variety",
                "Vendi score: as varied as so many documents that have nothing in common, on the "
                "sample",
            )
        )
    return tiles


def _compressible(ratio: float) -> str:
    if ratio < 1.8:
        return "less than prose"
    return "usual for prose" if ratio <= 4.2 else "repetitive"


def _leak_tiles(report: CorpusReport) -> list[tuple[str, str, str]]:
    if report.leaks is None:
        return []
    return [
        (
            f"{report.leaks:,}",
            "validation passages met in training",
            "Passages kept for validation that share 13 words in a row, or 50 characters, with "
            "training text: quotations and set phrases, which the model may know by heart",
        )
    ]


def language_name(code: str) -> str:
    """Return the English name of a language: the findings' own, or of a rare one what Qt says."""
    name = findings.language_name(code)
    if name != code:
        return name
    found = QLocale.codeToLanguage(code)
    if found in (QLocale.Language.AnyLanguage, QLocale.Language.C):
        return code
    return QLocale.languageToString(found)


def share_bars(shares: Mapping[str, float], names: Mapping[str, str]) -> list[ShareBar]:
    """Return bars for the largest shares, and one for all the rest together."""
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    bars = [
        ShareBar(names.get(key, key), share, percent(share))
        for key, share in ordered[:_MOST_LANGUAGES]
    ]
    if rest := sum(share for _key, share in ordered[_MOST_LANGUAGES:]):
        bars.append(ShareBar(f"{len(ordered) - _MOST_LANGUAGES} more", rest, percent(rest)))
    return bars


def removal_bars(report: CorpusReport) -> list[ShareBar]:
    """Return a bar for each rule that takes documents out, by the first that fired."""
    rows = sorted(report.removed, key=lambda rule: -rule.documents)
    examined = report.removal_documents or report.documents
    return [
        ShareBar(
            rule.label,
            rule.documents / max(1, examined),
            f"{rule.documents:,}",
            f"{rule.documents:,} of {examined:,} documents are left out by this rule first",
            "bad",
        )
        for rule in rows
        if rule.documents
    ]


def change_bars(report: CorpusReport) -> list[ShareBar]:
    """Return a bar for each rule that changes something inside documents, by how often."""
    most = max((change.times for change in report.changed), default=1)
    return [
        ShareBar(
            change.label,
            change.times / most,
            f"{change.times:,} ×",
            f"{change.times:,} places, lines or characters are changed by this rule in documents "
            "that the rules leave",
        )
        for change in report.changed
    ]


def removal_basis(report: CorpusReport) -> str:
    """Say in a few words what the removal table stands on."""
    documents = f"{report.removal_documents:,} documents"
    if report.removal_is_sample:
        return f"a sample of {documents}: near copies are undercounted"
    return f"by the first rule, of all {documents}"


def rule_branches(rules: Sequence[RuleCount], documents: int) -> list[Branch]:
    """Return the rules with their counts and examples, the most frequent first."""
    ordered = sorted((r for r in rules if r.documents), key=lambda r: -r.documents)
    return [
        Branch(
            rule.label,
            f"{rule.documents:,}",
            f"{rule.rule}: fires on {rule.documents:,} of {documents:,} documents",
            leaves(rule.examples),
        )
        for rule in ordered
    ]


def cluster_branches(report: CorpusReport) -> list[Branch]:
    """Return the groups of near duplicates; the first document of each is the one kept."""
    return [
        Branch(
            cluster.documents[0].title or cluster.documents[0].excerpt or "(no title)",
            f"{cluster.size} alike",
            "Documents that share most of their five-word sequences; the first is the longest",
            leaves(cluster.documents),
        )
        for cluster in report.clusters
        if cluster.documents
    ]


def line_branches(report: CorpusReport) -> list[Branch]:
    """Return the lines that stand in many documents."""
    return [
        Branch(
            line.text.strip()[:_EXCERPT],
            f"in {line.documents:,}",
            f"“{line.text.strip()[:400]}”\nstands in {line.documents:,} documents",
        )
        for line in report.repeated_lines
    ]


def personal_branches(report: CorpusReport) -> list[Branch]:
    """Return the kinds of personal data with their counts and masked examples."""
    return [
        Branch(
            PERSONAL.get(kind, kind.replace("_", " ").capitalize()),
            f"{number:,}",
            "Found by pattern and check digits; examples are masked",
            leaves(report.personal_examples.get(kind, ())),
        )
        for kind, number in sorted(report.personal_data.items(), key=lambda item: -item[1])
        if number
    ]


def leaves(examples: Iterable[Example]) -> tuple[Leaf, ...]:
    """Return documents to open, by their excerpt, else by their title."""
    return tuple(
        Leaf(
            (e.excerpt or e.title or "(no title)").replace("\n", " ")[:_EXCERPT],
            e,
            f"{e.title or '(no title)'}\nClick to read",
        )
        for e in examples
    )


def words_leaves(difference: Difference) -> tuple[Leaf, ...]:
    """Return the words that tell two sources apart, as lines that open nothing."""
    return tuple(
        Leaf(f"{title}: {', '.join(words)}")
        for title, words in (
            (difference.first, difference.words_of_first),
            (difference.second, difference.words_of_second),
        )
        if words
    )


def variety_rows(report: CorpusReport) -> list[tuple[str, str, str]]:
    """Return (name, figure, tooltip) of the measures of variety."""
    rows = [
        (
            f"Different {_grams(n)}",
            percent(value),
            f"distinct-{n}: different sequences of {n} words among all of them, on a sample of "
            f"{sentences.size(report.sample_bytes)}",
        )
        for n, value in sorted(report.distinct.items())
    ]
    for name, value, note in (
        ("Different words in 500", report.mattr, "MATTR: mean over windows of 500 words"),
        (
            "Slope of word frequencies",
            report.zipf,
            "Zipf's exponent on ranks 10 to 10,000; about 1 in natural text",
        ),
    ):
        if value is not None:
            rows.append((name, percent(value) if name.startswith("Diff") else f"{value:.3g}", note))
    return rows


def _grams(n: int) -> str:
    return {1: "words", 2: "word pairs"}.get(n, f"{n}-word sequences")
