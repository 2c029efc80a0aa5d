"""``sslstudio doctor``: devices, libraries, what is missing on this machine."""

from __future__ import annotations

import argparse
import dataclasses

from sslstudio.commands.arguments import add_json
from sslstudio.commands.output import answer
from sslstudio.registry import register


@register("commands", "doctor", help="devices, libraries, what is missing", place=120)
class Doctor:
    """Looks at this machine."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare nothing but ``--json``."""
        add_json(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Print what was found."""
        from sslstudio import doctor

        found = doctor.diagnose()
        return answer(options, lambda: dataclasses.asdict(found), lambda: [doctor.render(found)])
