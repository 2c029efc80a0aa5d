"""Recipe: what to train. Frozen dataclasses <-> TOML, declared once."""

from sslstudio.recipe.options import (
    Auto,
    CheckpointOptions,
    CorpusSource,
    DataOptions,
    EvaluationOptions,
    ModelOptions,
    ObjectiveChoice,
    SampleOptions,
    TokenizerOptions,
    TrainingOptions,
)
from sslstudio.recipe.recipe import SCHEMA, Recipe

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
