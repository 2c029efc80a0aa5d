"""Whether a text is surely in another language than English, asked only when a rule needs it.

The one dear question among the rules: py3langid takes about a second and 100 MB to load and 0.3 ms
a text, so it is asked only about documents that hold fewer than two of the commonest English
words, and shown 400 characters of those.
"""

from __future__ import annotations

import functools
from typing import Any

from sslstudio.corpora.rules.view import View

_SHOWN = 400
_FEWEST = 40
_SURE = 0.5


def is_other_than_english(view: View) -> bool:
    """Return whether the text is in another language, with at least even odds.

    Texts of fewer than 40 characters, and what is no language, count as English: there is nothing
    that tells them apart (reference 2.4).
    """
    if not view.has_spaces:
        return True
    middle = max(0, len(view.text) // 2 - _SHOWN // 2)
    shown = " ".join(view.text[middle : middle + _SHOWN].split())
    if len(shown) < _FEWEST:
        return False
    language, probability = _identifier().classify(shown)
    return language not in ("en", "und", "zxx") and probability >= _SURE


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
