"""Arguments that several commands take, declared once so that they read the same everywhere."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_json(parser: argparse.ArgumentParser, help: str = "machine-readable output") -> None:
    """Declare ``--json``, which every command takes."""
    parser.add_argument("--json", action="store_true", help=help)


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """Declare the recipe."""
    parser.add_argument("recipe", type=Path, metavar="RECIPE.toml")


def add_settings(parser: argparse.ArgumentParser, help: str = "change a setting") -> None:
    """Declare ``--set``, which may be given again; the texts lie in ``options.set``."""
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help=help)


def add_run(parser: argparse.ArgumentParser) -> None:
    """Declare the run that is meant."""
    parser.add_argument("run", metavar="RUN", help="a run folder, or its name")


def add_runs_dir(parser: argparse.ArgumentParser) -> None:
    """Declare ``--runs``; None means the folder of the user."""
    parser.add_argument("--runs", type=Path, metavar="DIR", help="where runs are kept")


def add_checkpoint(parser: argparse.ArgumentParser) -> None:
    """Declare ``--checkpoint``."""
    parser.add_argument("--checkpoint", default="last", help="last, best, or a step")


def add_device(parser: argparse.ArgumentParser) -> None:
    """Declare ``--device``."""
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps")


def add_paths(parser: argparse.ArgumentParser, help: str) -> None:
    """Declare the texts that are meant, at least one."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help=help)
