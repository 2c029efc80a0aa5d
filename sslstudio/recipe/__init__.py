"""Recipe: what to train. Frozen dataclasses <-> TOML, declared once."""

from sslstudio.recipe.options import (
    Auto,
    CheckpointOptions,
    EvaluationOptions,
    ModelOptions,
    ObjectiveChoice,
    SampleOptions,
    TrainingOptions,
)
from sslstudio.recipe.recipe import SCHEMA, Recipe
from sslstudio.recipe.text_options import CorpusSource, DataOptions, TokenizerOptions

__all__ = [
    "SCHEMA",
    "Auto",
    "CheckpointOptions",
    "CorpusSource",
    "DataOptions",
    "EvaluationOptions",
    "ModelOptions",
    "ObjectiveChoice",
    "Recipe",
    "SampleOptions",
    "TokenizerOptions",
    "TrainingOptions",
]
