"""Plain advice about a recipe: how much text for how many parameters, how often, how fast.

Each sentence has its source, and where one setting would mend it, that setting, so that a button
can apply it. The rules were fitted on models larger than a desktop's, so they advise and never
forbid. Pure arithmetic; imports no torch.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sslstudio.corpora.mixing import level_of, sentence_on
from sslstudio.models.parameter_count import ParameterCount
from sslstudio.recipe import Recipe
from sslstudio.training.automatic import HIGHEST_LEARNING_RATE

_BALANCED = 20  # tokens a parameter, Hoffmann et al. 2022
_DEEPSEEK, _STEP_LAW = "Bi et al. 2024 (DeepSeek), 2401.02954", "Li et al. 2025 (Step Law)"
_MUENNIGHOFF, _HOFFMANN = "Muennighoff et al. 2023, 2305.16264", "Hoffmann et al. 2022, 2203.15556"


@dataclasses.dataclass(frozen=True)
class Advice:
    """One plain sentence; ``level`` is "good", "caution" or "bad".

    ``settings`` is what would mend it, as recipe keys with values; empty where no single setting
    does.
    """

    level: str
    text: str
    source: str
    settings: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def deepseek_rate(non_embedding: float, tokens: float) -> float:
    """Return η = 0.3118·C^−0.125, with C = 6·N·D."""
    return float(0.3118 * (6 * non_embedding * tokens) ** -0.125)


def deepseek_batch(non_embedding: float, tokens: float) -> float:
    """Return B = 0.292·C^0.3271 tokens, with C = 6·N·D."""
    return float(0.292 * (6 * non_embedding * tokens) ** 0.3271)


def step_law_rate(non_embedding: float, tokens: float) -> float:
    """Return η = 1.79·N^−0.713·D^0.307."""
    return float(1.79 * non_embedding**-0.713 * tokens**0.307)


def step_law_batch(tokens: float) -> float:
    """Return B = 0.58·D^0.571 tokens."""
    return float(0.58 * tokens**0.571)


def advise(
    recipe: Recipe,
    parameters: ParameterCount,
    *,
    tokens: int,
    train_tokens: int | None,
    batch_tokens: int,
    rate: float,
    complaint: str,
    impossible_mix: str = "",
    sources: Sequence[tuple[str, float]] = (),
) -> Iterator[Advice]:
    """Yield advice, the gravest first.

    Args:
        tokens: read over the whole run.
        train_tokens: tokens of the text, where known.
        batch_tokens: of one step.
        rate: the peak learning rate that would be used.
        complaint: why it does not fit into memory; empty where it does.
        impossible_mix: why the sources cannot be mixed so; empty where they can.
        sources: what each of several is called, and how often it is read.
    """
    if complaint:
        asked = isinstance(recipe.training.micro_batch, int)
        settings = {"training.micro_batch": "auto"} if asked else {}
        yield Advice("bad", complaint, "the studio's own count of a step's tensors", settings)
    if impossible_mix:
        yield Advice("bad", impossible_mix, "Chung et al. 2023, 2304.09151")
    if len(sources) > 1:
        yield from _on_sources(sources)
    elif train_tokens:
        yield from _on_epochs(tokens / train_tokens)
    yield from _on_size(parameters, tokens, train_tokens)
    yield from _on_rate(parameters.non_embedding, tokens, rate)
    yield from _on_batch(parameters.non_embedding, tokens, batch_tokens)
    if parameters.embedding > 0.4 * parameters.total:
        yield Advice(
            "caution",
            f"{parameters.embedding / parameters.total:.0%} of the parameters only spell tokens: "
            "a smaller tokenizer.vocab_size would leave more for thinking",
            "reference: V·d/N at most 30–40 %",
        )


def _on_epochs(epochs: float) -> Iterator[Advice]:
    level = level_of(epochs)
    if level != "good":
        text = sentence_on(epochs, remedy="add text, or train for 4 epochs")
        yield Advice(level, text, _MUENNIGHOFF, {"training.epochs": 4.0})


def _on_sources(sources: Sequence[tuple[str, float]]) -> Iterator[Advice]:
    """Yield a sentence for each source that is read more than 4 times, the most read first."""
    for name, epochs in sorted(sources, key=lambda source: -source[1]):
        if level_of(epochs) != "good":
            yield Advice(level_of(epochs), sentence_on(epochs, name), _MUENNIGHOFF)


def _on_size(parameters: ParameterCount, tokens: int, train_tokens: int | None) -> Iterator[Advice]:
    each = tokens / max(1, parameters.total)
    if each < 1:
        yield Advice(
            "caution",
            f"{each:.2g} tokens per parameter is little, about {_BALANCED} is balanced: train "
            "longer, or choose a smaller model.preset",
            _HOFFMANN,
        )
    if train_tokens and parameters.non_embedding > train_tokens:
        fitting = f"{train_tokens / 20 / 1e6:.2g} to {train_tokens / 5 / 1e6:.2g} million"
        yield Advice(
            "caution",
            f"{parameters.non_embedding / 1e6:.2g} million parameters beside the embedding are "
            f"many for {train_tokens:,} tokens of text: {fitting} would suit it, this model may "
            "learn parts by heart",
            "reference §4.6: N from U/20 to U/5 on a small fixed text",
        )


def _on_rate(non_embedding: int, tokens: int, rate: float) -> Iterator[Advice]:
    laws = (deepseek_rate(non_embedding, tokens), step_law_rate(non_embedding, tokens))
    # below the sizes they were fitted on, the laws say rates that no small model bears
    rules = sorted(min(HIGHEST_LEARNING_RATE, law) for law in laws)
    if rules[0] / 5 <= rate <= rules[1] * 2:
        return
    word = "high" if rate > rules[1] else "low"
    yield Advice(
        "caution",
        f"a learning rate of {rate:.2g} is {word}: two rules say {rules[0]:.2g} and "
        f"{rules[1]:.2g}; they were fitted on larger models, so try the range test",
        f"{_DEEPSEEK}; {_STEP_LAW}",
        {"training.learning_rate": "auto"},
    )


def _on_batch(non_embedding: int, tokens: int, batch_tokens: int) -> Iterator[Advice]:
    rules = sorted((deepseek_batch(non_embedding, tokens), step_law_batch(tokens)))
    if batch_tokens <= 4 * rules[1]:
        return  # small batches are fine (2507.07101), large ones waste text
    yield Advice(
        "caution",
        f"{batch_tokens:,} tokens a step are many: two rules say {rules[0]:,.0f} and "
        f"{rules[1]:,.0f}; smaller steps learn more from the same text",
        f"{_DEEPSEEK}; {_STEP_LAW}; Marek et al. 2025, 2507.07101",
    )
