"""The tokens that a run learns from, found again when it goes on or is measured.

They lie in the cache; where they were deleted they are made again from the same texts. Texts that
changed since are refused. Another corpus, which a run may be given when it goes on, is cut with
the tokenizer that the run keeps: its vocabulary belongs to the weights.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sslstudio.corpora.preparation import PreparedData, prepare, reopen
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import RecipeError, RunError
from sslstudio.recipe import Recipe, TokenizerOptions
from sslstudio.runs import RunFolder


def reopened(run: RunFolder, recipe: Recipe) -> PreparedData | None:
    """Return the run's own prepared tokens, or None where they or the wish for them are gone."""
    folder = run.facts().get("prepared")
    is_same_text = recipe.corpora == run.recipe().corpora
    return reopen(Path(folder)) if isinstance(folder, str) and folder and is_same_text else None


def prepared_for(
    run: RunFolder,
    *,
    on_progress: Callable[[str, int, int, str], None],
    cancelled: Callable[[], bool],
) -> PreparedData:
    """Return the run's tokens, preparing its corpora again where the cache was emptied.

    Raises:
        RunError: the corpora have changed since, so that the tokens would be others.
        Cancelled: ``cancelled()`` said so.
    """
    recipe = run.recipe()
    data = reopened(run, recipe) or prepare(
        with_own_tokenizer(run, recipe), on_progress=on_progress, cancelled=cancelled
    )
    check_same_tokens(run, recipe, data)
    return data


def with_own_tokenizer(run: RunFolder, recipe: Recipe) -> Recipe:
    """Return how to prepare the corpora of ``recipe`` for ``run``.

    The corpora that it began with give its tokenizer again; others are cut with the one it keeps.
    """
    kept = run.facts().get("corpora")
    how = kept.get("tokenizer") if isinstance(kept, dict) else None
    is_cut_with_own = isinstance(how, dict) and how.get("kind") == "file"
    if recipe.corpora == run.recipe().corpora and not is_cut_with_own:
        return recipe
    own_tokenizer(run)  # refused here, in the run's own words, where it is damaged
    own = TokenizerOptions(kind="file", file=str(run.tokenizer_path.resolve()))
    return dataclasses.replace(recipe, tokenizer=own)


def own_tokenizer(run: RunFolder) -> Tokenizer:
    """Return the tokenizer that ``run`` keeps.

    Raises:
        RunError: the file is missing or damaged.
    """
    try:
        return Tokenizer.load(run.tokenizer_path)
    except RecipeError as error:
        raise RunError(
            f"{run.tokenizer_path} is missing or damaged: put it back from a copy, or from "
            f"{run.facts().get('prepared', 'the cache')}"
        ) from error


def check_same_tokens(run: RunFolder, recipe: Recipe, data: PreparedData) -> None:
    """Raise a :class:`RunError` unless ``data`` is what ``run`` learns from.

    It must be cut with the tokenizer that the run keeps, and where ``recipe`` names the corpora
    that the run has, from the very same texts.
    """
    is_other_text = recipe.corpora == run.recipe().corpora and not _are_same_texts(
        run.facts().get("corpora"), data.facts
    )
    if is_other_text or own_tokenizer(run).to_json() != data.tokenizer.to_json():
        raise RunError(
            f"the corpora of {run.path} have changed since it began, so its tokens would be "
            "others: put the texts back as they were, or begin a new run"
        )


def _are_same_texts(kept: Any, found: Mapping[str, Any]) -> bool:
    """Compare the sums of the texts; a run of an earlier release may not have kept them."""
    try:
        before = [source["sha256"] for source in kept["sources"]]
    except (KeyError, TypeError):
        return True
    return before == [source["sha256"] for source in found["sources"]]
