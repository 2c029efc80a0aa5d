"""What the cards of the left column say: pure words from the recipe and what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sslstudio.recipe import Recipe
from sslstudio.studio import sentences
from sslstudio.studio.corpus_facts import CorpusFacts
from sslstudio.studio.corpus_tables import CorpusTables
from sslstudio.studio.corpus_worker import is_table, source_kind
from sslstudio.studio.mix_view import Mix, mix_of
from sslstudio.studio.panes.corpora_source_card import SourceFacts

_WEIGHTS = {
    "weights": "How often its documents are read: 2 reads it twice as often.",
    "shares": "Its share beside the weights of the others, whatever its size.",
    "temperature": "Multiplies its tempered size.",
    "unimax": "With UniMax sources are read as equally as can be.",
}


def mix_now(recipe: Recipe, facts: CorpusFacts) -> Mix:
    """Return the mix of ``recipe``, as far as sizes are known."""
    overviews = [facts.overview(source) for source in recipe.corpora]
    return mix_of(recipe, [None if o is None else o.bytes for o in overviews])


def card_facts(
    recipe: Recipe, facts: CorpusFacts, tables: CorpusTables, mix: Mix, name: Callable[[str], str]
) -> list[SourceFacts]:
    """Return what each card shows."""
    several = len(recipe.corpora) > 1
    found = []
    for place, source in enumerate(recipe.corpora):
        row = mix.rows[place] if mix.rows else None
        found.append(
            SourceFacts(
                title=name(source.path),
                path=source.path,
                caption=_caption(source, facts, tables),
                weight=source.weight,
                share=None if row is None else row.share,
                offers=_offers(source.path, several),
                faulty=bool(facts.error(source)),
                epochs="" if row is None else row.words,
                level="good" if row is None else row.level,
                epochs_help="" if row is None else row.sentence,
                weight_help=_WEIGHTS.get(recipe.data.mixing, ""),
            )
        )
    return found


def _offers(path: str, several: bool) -> tuple[str, ...]:
    """Return the entries of the menu that suit a source; a recipe needs one source at least."""
    offers = ["licence"]
    if not path.startswith(("sample:", "hub:")):
        offers += ["encoding", "patterns"]
        if is_table(path):
            offers.append("column")
    return (*offers, "remove") if several else tuple(offers)


def _caption(source: Any, facts: CorpusFacts, tables: CorpusTables) -> str:
    kind = source_kind(source.path)
    column = tables.column(source)
    kind += f" · text from “{column}”" if column else ""
    overview = facts.overview(source)
    if overview is not None:
        documents = sentences.count(overview.documents)
        noun = "document" if overview.documents == 1 else "documents"
        left_out = f" · {len(overview.skipped):,} not read" if overview.skipped else ""
        return f"{kind} · {documents} {noun} · {sentences.size(overview.bytes)}{left_out}"
    if error := facts.error(source):
        return f"{kind} · {error}"
    if facts.reading == source:
        return f"{kind} · reading…"
    return kind
