"""Sources are called in a report what their cards are called."""

from __future__ import annotations

from sslstudio.corpora.report.inputs import _titles
from sslstudio.corpora.samples.catalogue import SAMPLES
from sslstudio.recipe import CorpusSource


def test_sources_are_called_as_on_their_cards() -> None:
    paths = ("sample:tales", "/texts/letters/", "/other/letters", "hub:someone/texts")
    titles = _titles([CorpusSource(path=path) for path in paths])
    assert titles == ["Little tales", "letters", "letters (2)", "hub:someone/texts"]
    assert SAMPLES["tales"].title == "Little tales"
