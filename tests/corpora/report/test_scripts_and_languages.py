"""Scripts of letters, and py3langid's figures on translations of one declaration."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from sslstudio.corpora.report.languages import LanguageShares, chunks_of, language_of
from sslstudio.corpora.report.scripts import ScriptCounts

# file -> code. Indonesian and Croatian are left out: half of their paragraphs are called Malay or
# Bosnian, which write them alike.
_CORE = {
    "eng": "en", "deu": "de", "fra": "fr", "spa": "es", "ita": "it", "nld": "nl", "rus": "ru",
    "ukr": "uk", "pol": "pl", "ces": "cs", "slk": "sk", "hun": "hu", "fin": "fi", "swe": "sv",
    "ell_monotonic": "el", "tur": "tr", "heb": "he", "hin": "hi", "ben": "bn", "tam": "ta",
    "tha": "th", "jpn": "ja", "kor": "ko", "cmn_hans": "zh", "vie": "vi",
    "ron": "ro", "bul": "bg", "lit": "lt", "lav": "lv", "est": "et", "isl": "is", "cat": "ca",
    "eus": "eu", "glg": "gl", "kat": "ka", "hye": "hy", "swh": "sw", "cym": "cy", "gle": "ga",
    "mlt": "mt", "als": "sq", "mal": "ml", "kan": "kn", "guj": "gu", "khm": "km", "lao": "lo",
    "epo": "eo", "tgl": "tl", "slv": "sl",
    "por_PT": "pt", "dan": "da", "nob": "no", "pes_1": "fa", "arb": "ar", "urd": "ur", "afr": "af",
    "srp_cyrl": "sr", "pan": "pa", "mya": "my", "amh": "am", "kaz": "kk",
}  # fmt: skip


def _scripts(*texts: str) -> dict[str, float]:
    counts = ScriptCounts()
    for text in texts:
        counts.add(text)
    return counts.shares()


def test_letters_are_counted_by_the_script_of_their_name() -> None:
    assert _scripts("abcd, 12!", "éß") == {"Latin": 1.0}
    assert _scripts("ab жд 中文 αβ") == {
        "Cyrillic": 0.25,
        "Greek": 0.25,
        "Han": 0.25,
        "Latin": 0.25,
    }
    assert _scripts("ひらカタ漢字") == {"Han": 1 / 3, "Hiragana": 1 / 3, "Katakana": 1 / 3}
    assert _scripts("\U00020000a") == {"Han": 0.5, "Latin": 0.5}
    assert _scripts("12 .,; \U0001f600", "") == {}


def test_short_texts_and_code_are_not_given_a_language() -> None:
    assert language_of("ok") == "und"
    assert language_of("x" * 39) == "und"
    english = "The rain fell all night and in the morning the river had come up to the road."
    assert language_of(english) == "en"


def test_chunks_are_spread_over_the_text_and_at_most_twenty() -> None:
    text = "".join(chr(ord("a") + n // 1000 % 26) for n in range(100_000))
    chunks = chunks_of(text)
    assert len(chunks) == 20
    assert all(len(chunk) == 300 and chunk in text for chunk in chunks)
    assert chunks_of("short") == ["short"]


def test_shares_are_by_characters_and_can_be_merged() -> None:
    english = "The rain fell all night and the river had come up to the road by morning. " * 4
    german = "Der Regen fiel die ganze Nacht, und am Morgen stand der Fluss an der Straße. " * 4
    both, one, other = LanguageShares(), LanguageShares(), LanguageShares()
    both.add(english)
    both.add(german)
    one.add(english)
    other.add(german)
    one.merge(other.characters())
    assert one.shares() == both.shares()
    assert both.shares()["en"] == pytest.approx(len(english) / (len(english) + len(german)))


def test_the_classifier_knows_the_declaration_of_human_rights(shared_data: Path) -> None:
    right = total = 0
    with zipfile.ZipFile(shared_data / "corpora" / "udhr2.zip") as archive:
        for name, code in _CORE.items():
            with archive.open(f"udhr2/{name}.txt") as file:
                text = io.TextIOWrapper(file, "utf-8").read()
            for paragraph in (part.strip() for part in text.split("\n")):
                if 40 <= len(paragraph) <= 400:
                    total += 1
                    right += language_of(paragraph) == code
    assert total > 3000
    assert right / total >= 0.98
