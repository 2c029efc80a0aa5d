"""How figures are said in a finding: levels, shares, sizes, names; for all families of findings."""

from __future__ import annotations

from sslstudio.corpora.report.facts import CorpusReport

_LANGUAGES = {
    "ar": "Arabic",
    "bn": "Bengali",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "la": "Latin",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "und": "undetermined",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
    "zxx": "no language",
}


def graded(value: float, bad_from: float) -> str:
    """Return the level of a value that is past its first limit: "caution", or "bad"."""
    return "bad" if value >= bad_from else "caution"


def share(part: float, whole: float) -> str:
    """Return ``part`` of ``whole`` as a percentage with two digits that tell something."""
    percent = 100 * part / whole
    if percent < 0.1:
        return "less than 0.1 %" if percent else "0 %"
    return f"{percent:.1f} %" if percent < 9.95 else f"{percent:.0f} %"


def size(size_bytes: int) -> str:
    """Return a size in the unit that suits it."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if size_bytes >= scale:
            value = size_bytes / scale
            return f"{value:.0f} {unit}" if value >= 99.95 else f"{value:.1f} {unit}"
    return f"{size_bytes} bytes"


def language_name(code: str) -> str:
    """Return the English name of a language where it is a common one, else its code."""
    return _LANGUAGES.get(code, code)


def mostly(report: CorpusReport) -> str:
    """Return ", nearly all of it English", or how the languages divide; empty where unknown."""
    known = [(code, part) for code, part in report.languages.items() if code != "und"]
    if not known:
        return ""
    code, part = known[0]
    if part >= 0.95:
        return f", nearly all of it {language_name(code)}"
    return ", of which " + ", ".join(
        f"{language_name(code)} {share(part, 1)}" for code, part in known[:3]
    )


def titled(title: str) -> str:
    """Return a source's name for a sentence."""
    return f"“{title}”"


def removal_basis(report: CorpusReport) -> str:
    """Say what the removal table stands on."""
    examined = f"{report.removal_documents:,}"
    if not report.removal_is_sample:
        return f"Of all {examined} documents, exactly as the preparation decides."
    return (
        f"Of a sample of {examined} documents among {report.documents:,}: shares hold for the "
        "whole, but near copies and repeated lines are undercounted."
    )
