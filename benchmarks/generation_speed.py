"""Generation side by side: ours against `transformers`' `generate`, the same weights, one row.

    python -m benchmarks.generation_speed [--rounds N] [--tokens N] [--sizes 1.3M 12M 43M]

fp32 on the CPU, random weights. Ours is `continue_text`, whole: it chooses, gives each token's
probability and decodes its text. Theirs is `LlamaForCausalLM.generate` with `use_cache=True` and
no processors but those that sampling needs. Both sides run in turn, with the number of threads
that a user gets and with one; medians of the rounds. First it is checked that both write the same
greedy ids. Then: milliseconds a token by position, and how much of them is reading the weights.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sslstudio.neighbours import wait_briefly

wait_briefly()
os.environ["HF_HUB_OFFLINE"] = "1"

import torch  # noqa: E402

from benchmarks.machine import machine  # noqa: E402
from benchmarks.peers import llama_config  # noqa: E402
from sslstudio.corpora.tokenizer import Tokenizer  # noqa: E402
from sslstudio.generation.continuation import continue_text  # noqa: E402
from sslstudio.generation.sampling import SamplingOptions  # noqa: E402
from sslstudio.models.cache import KeyValueCache  # noqa: E402
from sslstudio.models.configuration import ModelConfig, count_parameters  # noqa: E402
from sslstudio.models.decoding import OneTokenDecoder  # noqa: E402
from sslstudio.models.llama_names import to_llama_state  # noqa: E402
from sslstudio.models.transformer import Transformer  # noqa: E402
from sslstudio.recipe import TokenizerOptions  # noqa: E402

PROMPT = "def main(options):\n    return"
POSITIONS = (16, 64, 128, 256, 512, 1024)
MODES = {
    "greedy": SamplingOptions(temperature=0.0),
    "sampled": SamplingOptions(temperature=0.8),
    "top-k 50, top-p 0.95": SamplingOptions(temperature=0.8, top_k=50, top_p=0.95),
}


def size(vocab: int, width: int, layers: int, heads: int, kv_heads: int, ffn: int) -> ModelConfig:
    """Return a decoder's shape; the context is one more than the last position measured."""
    return ModelConfig(
        architecture="decoder", vocab_size=vocab, context=POSITIONS[-1] + 1, width=width,
        layers=layers, heads=heads, kv_heads=kv_heads, ffn_width=ffn,
    )  # fmt: skip


SIZES = {
    "1.3M": size(4096, 128, 4, 4, 4, 352),
    "12M": size(4096, 384, 7, 6, 2, 1024),
    "43M": size(16384, 512, 12, 8, 4, 1376),
}


def networks(config: ModelConfig) -> tuple[Transformer, Any]:
    """Return ours and theirs with the same random weights, twice the usual size."""
    import transformers

    torch.manual_seed(0)
    ours = Transformer(config).eval()
    with torch.no_grad():
        for parameter in ours.parameters():
            parameter.mul_(2.0 if parameter.ndim == 2 else 1.0)
    theirs: Any = transformers.LlamaForCausalLM(
        llama_config(config, eos_token_id=None, pad_token_id=0)
    )
    theirs.eval()
    theirs.load_state_dict(to_llama_state(ours), strict=False)
    theirs.tie_weights()
    return ours, theirs


class Pair:
    """Both sides of one size, each able to write a continuation."""

    def __init__(self, config: ModelConfig, tokenizer: Tokenizer, tokens: int) -> None:
        self.config, self.tokenizer, self.tokens = config, tokenizer, tokens
        self.ours, self.theirs = networks(config)
        self.prompt_BT = torch.tensor([[tokenizer.bos, *tokenizer.encode(PROMPT)]])

    def our_ids(self, mode: SamplingOptions) -> list[int]:
        """Continue the prompt with ours; ``<eos>`` may end it, so count what came."""
        options = SamplingOptions(
            temperature=mode.temperature,
            top_k=mode.top_k,
            top_p=mode.top_p,
            max_tokens=self.tokens,
            seed=1,
        )
        return [t.id for t in continue_text(self.ours, self.tokenizer, PROMPT, options)]

    def their_ids(self, mode: SamplingOptions, **more: Any) -> list[int]:
        """Continue it with theirs."""
        if mode.temperature:
            more |= {"temperature": mode.temperature, "top_k": mode.top_k, "top_p": mode.top_p}
        ids_BT = self.theirs.generate(
            self.prompt_BT,
            attention_mask=torch.ones_like(self.prompt_BT),
            do_sample=mode.temperature > 0,
            max_new_tokens=self.tokens,
            use_cache=True,
            **more,
        )
        ids: list[int] = ids_BT[0, self.prompt_BT.shape[1] :].tolist()
        return ids

    def agree(self) -> bool:
        """Whether both write the same greedy ids where the same ids are forbidden."""
        special = self.tokenizer.special_ids - {self.tokenizer.eos}
        forbidden = [*sorted(special), *range(self.tokenizer.vocab_size, self.config.vocab_size)]
        theirs = self.their_ids(
            MODES["greedy"], suppress_tokens=forbidden, eos_token_id=self.tokenizer.eos
        )
        theirs = [token for token in theirs if token != self.tokenizer.eos]
        return self.our_ids(MODES["greedy"]) == theirs


def tokens_per_second(write: Callable[[], list[int]]) -> float:
    """Write once; return the speed, prompt and preparation included."""
    began = time.perf_counter()
    written = len(write())
    return written / (time.perf_counter() - began)


def compare(pair: Pair, rounds: int) -> None:
    """Print a row per mode: theirs, ours, the median of the rounds' ratios."""
    for name, mode in MODES.items():
        both = [
            (
                tokens_per_second(lambda mode=mode: pair.their_ids(mode)),  # type: ignore[misc]
                tokens_per_second(lambda mode=mode: pair.our_ids(mode)),  # type: ignore[misc]
            )
            for _ in range(rounds)
        ]
        theirs, ours = (statistics.median(speeds) for speeds in zip(*both, strict=True))
        ratios = sorted(our / their for their, our in both)
        print(
            f"| {count_parameters(pair.config).total / 1e6:.1f} M | {name} "
            f"| {torch.get_num_threads()} | {theirs:.0f} | {ours:.0f} "
            f"| **{statistics.median(ratios):.2f}** ({ratios[0]:.2f}–{ratios[-1]:.2f}) |",
            flush=True,
        )


def read_rate() -> float:
    """Return bytes a second at which one thread reads 64 MB: the best of MKL's two ways.

    A network that fits into the processor's cache can be read faster than that.
    """
    by_rows_XY, ones_Y = torch.ones(64, 262_144), torch.ones(262_144)
    by_columns_XY, ones_X = torch.ones(4096, 4096).t(), torch.ones(4096)
    best = 1e9
    for _ in range(15):
        for matrix, vector in ((by_rows_XY, ones_Y), (by_columns_XY, ones_X)):
            began = time.perf_counter()
            torch.mv(matrix, vector)
            best = min(best, time.perf_counter() - began)
    return by_rows_XY.nbytes / best


def by_position(config: ModelConfig) -> None:
    """Print milliseconds a token by position, and what reading the numbers would take."""
    torch.manual_seed(0)
    model = Transformer(config).eval()
    rate = read_rate()
    weights = 4 * (count_parameters(config).total)
    kept = 8 * config.layers * config.kv_heads * config.head_dim  # bytes a position
    with torch.inference_mode():
        cache = KeyValueCache(config)
        decoder = OneTokenDecoder(model, cache, 1024)
        for position in POSITIONS:
            spent = []
            for _ in range(60):
                cache.length = position
                began = time.perf_counter()
                decoder.logits(1)
                spent.append(1e3 * (time.perf_counter() - began))
            middle, floor = statistics.median(spent), 1e3 * (weights + kept * position) / rate
            print(
                f"| {weights / 4e6:.1f} M | {torch.get_num_threads()} | {position} "
                f"| {middle:.2f} ms | {floor:.2f} ms ({floor / middle:.0%}) "
                f"| {1e3 * kept * position / rate:.2f} ms |",
                flush=True,
            )


def tokenizer_of_code() -> Tokenizer:
    """Return 4,096 tokens of Python's own library."""
    files = sorted(Path(os.__file__).parent.glob("*.py"))[:80]
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
    return Tokenizer.train(texts, TokenizerOptions(kind="bpe", vocab_size=4096))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=256)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    options = parser.parse_args()
    print(machine())
    threads = sorted({torch.get_num_threads(), 1}, reverse=True)
    tokenizer = tokenizer_of_code()
    print(
        "\n| parameters | mode | threads | transformers, tokens/s | ours | ratio |\n|-|-|-|-|-|-|"
    )
    agreed: list[str] = []
    for name in options.sizes:
        pair = Pair(SIZES[name], tokenizer, options.tokens)
        agreed.append(f"{name}: {'yes' if pair.agree() else 'NO'}")
        for count in threads:
            torch.set_num_threads(count)
            compare(pair, options.rounds)
    print(f"\nthe same greedy ids: {', '.join(agreed)}")
    print("\n| parameters | threads | position | a token | reading all once | of it the cache |")
    print("|-|-|-|-|-|-|")
    for name in options.sizes:
        for count in threads:
            torch.set_num_threads(count)
            by_position(SIZES[name])


if __name__ == "__main__":
    main()
