"""``sslstudio resume``: a run goes on from its newest whole checkpoint."""

from __future__ import annotations

import argparse
import functools

from sslstudio.commands.arguments import add_device, add_json, add_run, add_settings
from sslstudio.commands.following import follow
from sslstudio.registry import register
from sslstudio.runs import RunFolder


@register("commands", "resume", help="go on with a run", place=20)
class Resume:
    """Goes on with a run and follows it."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the run and what changes in its recipe."""
        add_json(parser)
        add_run(parser)
        add_settings(parser)
        add_device(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Train on; returns 130 when a signal stopped it."""
        RunFolder.open(options.run)  # refused before torch is imported
        from sslstudio.training.session import resume

        begin = functools.partial(resume, options.run, settings=options.set, device=options.device)
        return follow(begin, options.json)
