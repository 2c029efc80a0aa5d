"""The command line: thin. Parses, calls a room, prints.

``--json`` prints one JSON document on standard output and nothing else there; progress goes to
standard error. Exit status: 0 done, 2 the user's input is wrong (one line says what and how to
mend it), 1 it failed, 130 stopped by a signal with a checkpoint saved. Rooms that import torch
are imported by the command that needs them, so ``runs`` and ``--help`` answer at once.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import errno
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sslstudio import cli_corpus, cli_rates, cli_tokenizer
from sslstudio.cli_text import (
    forget_output,
    plan_lines,
    progress_line,
    run_lines,
    spell_anything,
)
from sslstudio.errors import ProcessError, RecipeError, SSLStudioError, nearest
from sslstudio.events import Event, finite, to_json
from sslstudio.neighbours import wait_briefly
from sslstudio.recipe import Recipe
from sslstudio.registry import catalogue, options_of
from sslstudio.runs import RunFolder, default_runs_dir, list_runs

if TYPE_CHECKING:
    from sslstudio.training.control import Control
    from sslstudio.training.session import RunResult

_STOPPED_BY_SIGNAL = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    wait_briefly()
    try:
        if not words or (words[0] not in _COMMANDS and not words[0].startswith("-")):
            return _studio(words)
        options = _parser().parse_args(words)
        spell_anything(options.json)
        status = int(options.command(options))
        sys.stdout.flush()  # here, where a reader that has gone can still be forgiven
        return status
    except SSLStudioError as error:
        if _is_said_by_another(error):
            return error.exit_status
        return _refuse(str(error), error.exit_status)
    except KeyboardInterrupt:
        return _refuse("stopped; nothing was begun", _STOPPED_BY_SIGNAL)
    except BrokenPipeError:
        forget_output()
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        forget_output()
        return _refuse(f"the output cannot be written: {error.strerror}; free some space", 2)


def _refuse(sentence: str, status: int) -> int:
    """Print ``sentence`` on one line of standard error; file names may hold line ends."""
    with contextlib.suppress(OSError):
        print("sslstudio:", " ".join(sentence.splitlines()), file=sys.stderr, flush=True)
    return status


def _is_said_by_another(error: SSLStudioError) -> bool:
    """Whether torchrun started this process beside another that says the same."""
    is_beside = os.environ.get("LOCAL_RANK", "0") != "0" and "WORLD_SIZE" in os.environ
    return is_beside and not isinstance(error, ProcessError)


def studio() -> int:
    """Open the studio: the entry point of the graphical command."""
    return main(sys.argv[1:])


def _studio(words: list[str]) -> int:
    if words and not Path(words[0]).exists() and not (default_runs_dir() / words[0]).exists():
        raise RecipeError(
            f"{words[0]!r} is neither a command nor a recipe or run{nearest(words[0], _COMMANDS)} "
            f"(commands: {', '.join(_COMMANDS)})"
        )
    from sslstudio.studio.app import main as open_studio

    return int(open_studio(words))


# -- commands -------------------------------------------------------------------------------


def _train(options: argparse.Namespace) -> int:
    recipe = Recipe.load(options.recipe).with_settings(options.set)
    from sslstudio.training.session import train

    def begin(control: Control, emit: Callable[[Event], None]) -> RunResult:
        return train(
            recipe,
            runs_dir=options.runs or default_runs_dir(),
            name=options.name,
            device=options.device,
            control=control,
            emit=emit,
            on_run=_tell_folder if options.json else _silent,
        )

    return _follow(begin, options.json)


def _resume(options: argparse.Namespace) -> int:
    RunFolder.open(options.run)
    from sslstudio.training.session import resume

    def begin(control: Control, emit: Callable[[Event], None]) -> RunResult:
        return resume(
            options.run,
            settings=options.set,
            device=options.device,
            control=control,
            emit=emit,
            on_run=_tell_folder if options.json else _silent,
        )

    return _follow(begin, options.json)


def _follow(begin: Callable[[Control, Callable[[Event], None]], RunResult], as_json: bool) -> int:
    """Train in this thread, print events, and stop with a checkpoint on SIGINT and SIGTERM."""
    from sslstudio.training.control import Control

    control = Control()
    signals: list[int] = []

    def on_signal(number: int, _frame: object) -> None:
        signals.append(number)
        control.stop(f"a signal ({signal.Signals(number).name})")

    before = {s: signal.signal(s, on_signal) for s in (signal.SIGINT, signal.SIGTERM)}
    write = _print_json if as_json else progress_line

    def emit(event: Event) -> None:
        try:
            write(event)
        except BrokenPipeError:  # "| head": whoever watched has gone, the run must not be lost
            forget_output()
            signals.append(signal.SIGTERM)
            control.stop("whoever read the output has gone")

    try:
        result = begin(control, emit)
    finally:
        for number, handler in before.items():
            # asked twice, the process would die of the second while it leaves with status 130
            signal.signal(number, signal.SIG_IGN if signals else handler)
    if result.path is not None and not as_json:
        print(result.path)
    return _STOPPED_BY_SIGNAL if signals and result.state == "stopped" else 0


def _tell_folder(path: Path) -> None:
    """Say where the run is written to whoever reads its events from a pipe."""
    print(f"run folder: {path}", file=sys.stderr, flush=True)


def _silent(_path: Path) -> None:
    """Say nothing: the last line printed names the folder."""


def _print_json(event: Event) -> None:
    print(to_json(event), flush=True)


def _generate(options: argparse.Namespace) -> int:
    run = RunFolder.open(options.run)
    from sslstudio.generation.continuation import continue_text
    from sslstudio.generation.sampling import SamplingOptions
    from sslstudio.registry import build_options
    from sslstudio.training.loading import load_trained
    from sslstudio.training.precision import choose_device

    names = ("max_tokens", "temperature", "top_k", "top_p", "min_p", "seed")
    given = {n: getattr(options, n) for n in names if getattr(options, n) is not None}
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
    _print_document(
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


def _evaluate(options: argparse.Namespace) -> int:
    RunFolder.open(options.run)
    from sslstudio.evaluation.suites import evaluate
    from sslstudio.training.precision import choose_device

    document = evaluate(
        options.run,
        checkpoint=options.checkpoint,
        suites=options.suite or ["perplexity"],
        device=choose_device(options.device),
    )
    if options.json:
        _print_document(document)
        return 0
    for checkpoint in document["checkpoints"]:
        for name, figures in checkpoint["suites"].items():
            parts = ", ".join(f"{k} {v:,.4f}".rstrip("0").rstrip(".") for k, v in figures.items())
            print(f"step {checkpoint['step']:>7,}  {name}: {parts}")
    return 0


def _objectives(options: argparse.Namespace) -> int:
    from sslstudio.objectives.objective import objective_class

    document = []
    for name, entry in catalogue("objectives").items():
        cls = objective_class(name)
        document.append(
            {
                "name": name,
                "family": entry.facts["family"],
                "question": entry.facts["question"],
                "architectures": list(cls.architectures),
                "title": entry.facts["title"],
                "description": entry.facts["description"],
                "options": [dataclasses.asdict(o) for o in options_of(cls.Options)],
            }
        )
    if options.json:
        _print_document(document)
        return 0
    for row in document:
        print(f"{row['name']} ({row['family']}): {row['question']} {row['description']}")
        for o in row["options"]:
            bounds = f"{o['minimum']:g} to {o['maximum']:g}" if o["maximum"] is not None else ""
            print(f"    {o['name']} = {o['default']}  {o['help']} {bounds}".rstrip())
    return 0


def _preview(options: argparse.Namespace) -> int:
    from sslstudio.corpora.tokenizer import Tokenizer
    from sslstudio.objectives.preview import preview
    from sslstudio.recipe import TokenizerOptions

    if any(text.partition("=")[0].strip() == "name" for text in options.set):
        raise RecipeError("name is no option of an objective: write its name after 'preview'")
    settings = [f"objective.{text}" for text in options.set]
    chosen = Recipe.default().with_settings(settings).objective.options
    if options.tokenizer:
        tokenizer = Tokenizer.load(options.tokenizer)
    else:
        tokenizer = Tokenizer.train([options.text], TokenizerOptions(kind="characters"))
    shown = preview(options.objective, options.text, tokenizer, chosen, seed=options.seed)
    if options.json:
        _print_document(shown.to_dict())
        return 0
    print("goes in:  ", " ".join(f"{t.text}" for t in shown.input))
    print("predicts: ", " ".join(t.text if t.role == "target" else "·" for t in shown.target))
    print(f"{shown.targets} of {shown.tokens} tokens; untrained loss {shown.untrained_loss:.3f}")
    return 0


def _plan(options: argparse.Namespace) -> int:
    recipe = Recipe.load(options.recipe).with_settings(options.set)
    from sslstudio.corpora.estimate import estimate_sources
    from sslstudio.models.configuration import model_config
    from sslstudio.training.memory import free_bytes
    from sslstudio.training.plan import plan
    from sslstudio.training.precision import choose_device, choose_precision
    from sslstudio.training.resolve import check_early

    device, architecture = choose_device(options.device), check_early(recipe)
    vocab_size, measured = None, {}
    source_tokens: tuple[int, ...] = ()
    if options.measure:
        from sslstudio.training.measuring import measure

        took = measure(recipe, device=device)
        vocab_size, source_tokens = took.config.vocab_size, took.source_tokens
        measured = {"measured": {"steps": took.steps, "peak_bytes": took.peak_bytes}}
    config = model_config(recipe.model, recipe.tokenizer.vocab_size, architecture)
    source_tokens = source_tokens or estimate_sources(recipe)
    found = plan(
        recipe,
        train_tokens=sum(source_tokens),
        source_tokens=source_tokens,
        vocab_size=vocab_size,
        architecture=architecture,
        device_type=device.type,
        available_bytes=free_bytes(device),
        precision=choose_precision(recipe.training.precision, device, config.width),
    )
    if options.json:
        _print_document({**dataclasses.asdict(found), **measured})
    else:
        print("\n".join(plan_lines(found)))
    return 0


def _rates(options: argparse.Namespace) -> int:
    return _print_either(cli_rates.rates(options))


def _corpus(options: argparse.Namespace) -> int:
    return _print_either(cli_corpus.run(options))


def _tokenizer(options: argparse.Namespace) -> int:
    return _print_either(cli_tokenizer.run(options))


def _runs(options: argparse.Namespace) -> int:
    rows = list_runs(options.runs or default_runs_dir())
    if options.json:
        _print_document([dataclasses.asdict(row) for row in rows])
    else:
        print("\n".join(run_lines(rows)))
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from sslstudio import doctor

    found = doctor.diagnose()
    if options.json:
        _print_document(dataclasses.asdict(found))
    else:
        print(doctor.render(found))
    return 0


def _print_either(found: dict[str, Any] | list[str]) -> int:
    if isinstance(found, dict):
        _print_document(found)
    else:
        print("\n".join(found))
    return 0


def _print_document(document: Any) -> None:
    print(json.dumps(finite(document), ensure_ascii=False, allow_nan=False, indent=1))


# -- parsing --------------------------------------------------------------------------------

_COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], int], str]] = {
    "train": (_train, "train a recipe"),
    "resume": (_resume, "go on with a run"),
    "generate": (_generate, "continue a text with a trained model"),
    "evaluate": (_evaluate, "measure checkpoints"),
    "objectives": (_objectives, "list what a model can be asked to predict"),
    "preview": (_preview, "show a text as an objective meets it"),
    "plan": (_plan, "what a recipe costs; trains nothing"),
    "rates": (_rates, "try which learning rate suits a recipe"),
    "corpus": (_corpus, "what is in texts, and what is wrong with them"),
    "tokenizer": (_tokenizer, "learn a vocabulary, or see how one fits a text"),
    "runs": (_runs, "list the runs"),
    "doctor": (_doctor, "devices, libraries, what is missing"),
}


_WITH_ACTIONS = ("corpus", "tokenizer")


class _Parser(argparse.ArgumentParser):
    """Argparse in one line: no usage block, the same exit status 2."""

    def error(self, message: str) -> Any:
        raise RecipeError(f"{message}; see '{self.prog} --help'")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="sslstudio",
        description="Train a language model on your own text. Without a command: the studio.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    made: dict[str, argparse.ArgumentParser] = {}
    for name, (function, text) in _COMMANDS.items():
        made[name] = commands.add_parser(name, help=text, description=text)
        made[name].set_defaults(command=function)
        if name in _WITH_ACTIONS:
            continue  # each of its actions takes it
        made[name].add_argument("--json", action="store_true", help="machine-readable output")
    _add_arguments(made)
    return parser


def _add_arguments(made: dict[str, argparse.ArgumentParser]) -> None:
    for name in ("train", "plan"):
        made[name].add_argument("recipe", type=Path, metavar="RECIPE.toml")
    for name in ("resume", "generate", "evaluate"):
        made[name].add_argument("run", metavar="RUN", help="a run folder, or its name")
    for name in ("train", "resume", "plan", "preview"):
        made[name].add_argument(
            "--set", action="append", default=[], metavar="KEY=VALUE", help="change a setting"
        )
    for name in ("train", "runs"):
        made[name].add_argument("--runs", type=Path, metavar="DIR", help="where runs are kept")
    for name in ("train", "resume", "generate", "evaluate", "plan"):
        made[name].add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps")
    for name in ("generate", "evaluate"):
        made[name].add_argument("--checkpoint", default="last", help="last, best, or a step")
    cli_rates.add_arguments(made["rates"])
    cli_corpus.add_arguments(made["corpus"])
    cli_tokenizer.add_arguments(made["tokenizer"])
    made["plan"].add_argument(
        "--measure", action="store_true", help="take a few real steps first; some seconds"
    )
    made["train"].add_argument("--name", help="name of the run")
    made["evaluate"].add_argument("--suite", action="append", metavar="NAME")
    made["preview"].add_argument("objective", metavar="OBJECTIVE")
    made["preview"].add_argument("--text", required=True)
    made["preview"].add_argument("--tokenizer", type=Path, metavar="FILE")
    made["preview"].add_argument("--seed", type=_seed, default=1337)
    generate = made["generate"]
    generate.add_argument("--prompt", default="")
    for flag, kind in (
        ("--max-tokens", int),
        ("--temperature", float),
        ("--top-k", int),
        ("--top-p", float),
        ("--min-p", float),
        ("--seed", int),
    ):
        generate.add_argument(flag, type=kind)


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 up")
    return int(text)


def _version() -> str:
    import sslstudio

    return f"sslstudio {sslstudio.__version__}"
