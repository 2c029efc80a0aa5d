"""Whether a text puts spaces between its words, by its script.

Chinese, Japanese, Thai, Lao, Khmer, Burmese and Tibetan do not: whatever counts words between
spaces means nothing there. Looks at 4,096 characters spread evenly over the text, so it costs a
few microseconds whatever the length.
"""

from __future__ import annotations

import re

_SAMPLE = 4096
# Thai and Lao, Tibetan, Burmese, Khmer, kana and Bopomofo, ideographs and their extensions
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff"
    "\u3040-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff]"
)
_SHARE = 0.25


def has_spaces(text: str) -> bool:
    """Return False where more than a quarter of ``text`` is in scripts without spaces.

    White space, figures and punctuation are not told apart from other letters here: in Chinese
    with some English in it they are far below three quarters.
    """
    if text.isascii():
        return True
    sample = text[:: max(1, len(text) // _SAMPLE)]
    return len(_UNSPACED.findall(sample)) <= _SHARE * len(sample)
