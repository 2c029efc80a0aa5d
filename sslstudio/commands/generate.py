"""``sslstudio generate``: a text continued by a trained model, printed token by token."""

from __future__ import annotations

import argparse
import time

from sslstudio.commands.arguments import add_checkpoint, add_device, add_json, add_run
from sslstudio.commands.output import print_document
from sslstudio.registry import build_options, register
from sslstudio.runs import RunFolder

_SAMPLING = {
    "max_tokens": int,
    "temperature": float,
    "top_k": int,
    "top_p": float,
    "min_p": float,
    "seed": int,
}


@register("commands", "generate", help="continue a text with a trained model", place=30)
class Generate:
    """Continues a prompt with the model of one checkpoint."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the run, the prompt and how tokens are drawn."""
        add_json(parser)
        add_run(parser)
        add_device(parser)
        add_checkpoint(parser)
        parser.add_argument("--prompt", default="")
        for name, kind in _SAMPLING.items():
            parser.add_argument(f"--{name.replace('_', '-')}", type=kind)

    def run(self, options: argparse.Namespace) -> int:
        """Print the continuation while it comes, or the document when it has ended."""
        run = RunFolder.open(options.run)
        from sslstudio.generation.continuation import continue_text
        from sslstudio.generation.sampling import SamplingOptions
        from sslstudio.training.loading import load_trained
        from sslstudio.training.precision import choose_device

        given = {n: getattr(options, n) for n in _SAMPLING if getattr(options, n) is not None}
        sampling = build_options(SamplingOptions, given, "sampling")
        trained = load_trained(run, options.checkpoint, choose_device(options.device))
        began, tokens = time.perf_counter(), []
        continuation = continue_text(trained.model, trained.tokenizer, options.prompt, sampling)
        if not options.json:
            print(options.prompt, end="", flush=True)
        for token in continuation:
            tokens.append(token)
            if not options.json:
                print(token.text, end="", flush=True)
        if not options.json:
            print()
            return 0
        print_document(
            {
                "prompt": options.prompt,
                "text": "".join(t.text for t in tokens),
                "tokens": [{"id": t.id, "text": t.text, "logprob": t.logprob} for t in tokens],
                "seed": sampling.seed,
                "checkpoint": trained.step,
                "seconds": time.perf_counter() - began,
            }
        )
        return 0
