"""The tokens that a run began with, found again when it goes on or is measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sslstudio.corpora.preparation import PreparedData, prepare, reopen
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import RecipeError, RunError
from sslstudio.recipe import Recipe
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
    data = reopened(run, recipe) or prepare(recipe, on_progress=on_progress, cancelled=cancelled)
    check_same_tokenizer(run, data)
    return data


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


def check_same_tokenizer(run: RunFolder, data: PreparedData) -> None:
    """Raise a :class:`RunError` unless ``data`` was cut with the tokenizer that the run keeps."""
    if own_tokenizer(run).to_json() != data.tokenizer.to_json():
        raise RunError(
            f"the corpora of {run.path} have changed since it began, so its tokens would be "
            "others: put the texts back as they were, or begin a new run"
        )
