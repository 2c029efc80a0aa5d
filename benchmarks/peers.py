"""The peer that the studio is measured beside: Hugging Face's Llama and Trainer, same shape."""

from __future__ import annotations

import tempfile
import time
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sslstudio.models.configuration import ModelConfig, count_parameters


def llama_config(config: ModelConfig, **more: Any) -> Any:
    """Return the ``LlamaConfig`` of the same network as ``config``, with a tied embedding."""
    from transformers import LlamaConfig

    return LlamaConfig(
        vocab_size=config.vocab_size,
        hidden_size=config.width,
        intermediate_size=config.ffn_width,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        num_key_value_heads=config.kv_heads,
        max_position_embeddings=config.context,
        rms_norm_eps=config.norm_eps,
        tie_word_embeddings=True,
        **more,
    )


def trainer_seconds(
    config: ModelConfig,
    ids: NDArray[np.integer],
    *,
    rows_at_once: int,
    rows_a_step: int,
    steps: int,
    **arguments: Any,
) -> list[float]:
    """Return the seconds of each of ``steps`` steps of Hugging Face's Trainer.

    Args:
        ids: random ids, enough for ``steps + 1`` steps; the first step is not timed.
        rows_at_once: of the micro-batch; the rest of ``rows_a_step`` is accumulated.
        arguments: of ``TrainingArguments``, such as ``bf16`` and ``use_cpu``.
    """
    from transformers import LlamaForCausalLM, Trainer, TrainerCallback, TrainingArguments

    class Clock(TrainerCallback):
        def __init__(self) -> None:
            self.times: list[float] = []

        def on_step_end(self, *_args: Any, **_more: Any) -> None:
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            self.times.append(time.perf_counter())

    model = LlamaForCausalLM(llama_config(config))
    assert sum(p.numel() for p in model.parameters()) == count_parameters(config).total
    count = rows_a_step * (steps + 1)
    rows = torch.from_numpy(ids[: count * config.context].reshape(-1, config.context).copy())
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        settings = TrainingArguments(
            output_dir=folder,
            per_device_train_batch_size=rows_at_once,
            gradient_accumulation_steps=rows_a_step // rows_at_once,
            max_steps=steps + 1,
            report_to=[],
            save_strategy="no",
            logging_strategy="no",
            disable_tqdm=True,
            **arguments,
        )
        dataset = [{"input_ids": row, "labels": row} for row in rows]
        Trainer(model=model, args=settings, train_dataset=dataset, callbacks=[clock]).train()
    return [float(seconds) for seconds in np.diff(clock.times)]
