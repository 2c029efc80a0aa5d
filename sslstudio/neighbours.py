"""Get on with other programs: set before torch is imported, it decides how its threads wait.

torch's threads meet at a barrier after every operation, some hundreds of times a step. Left
alone they burn the processor while they wait; when another program wants the same cores, the
one that is waited for does not get to run, and training becomes up to 20 times slower (two
cores, measured; ``docs/performance.md``). A short spin before sleeping costs a few per cent on
an idle machine and keeps half the speed on a busy one.
"""

from __future__ import annotations

import os

_SPINS = "1000"


def wait_briefly() -> None:
    """Let OpenMP's threads (GNU's, which torch uses on Linux) sleep soon; the user's word stands.

    Call it before anything imports torch: the runtime reads its settings once, when it is loaded.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
