"""The child: reads one file after the other for its parent, and may die of any of them.

``python -m sslstudio.corpora.taking_in.child``, the other end of ``process``. Requests come as
JSON lines on standard input, answers go as JSON lines to what was standard output; libraries that
print find standard output closed to them. It limits itself where the system can: memory, no core
dumps, and the processor time in which nothing gets on (no byte is read, no record made), which
grows with what was read of the file. It imports neither torch nor Qt.
"""

from __future__ import annotations

import importlib.abc
import json
import os
import signal
import sys
import time
from typing import IO, Any

from sslstudio.corpora.process_limits import limit_itself
from sslstudio.corpora.taking_in.intake import Intake
from sslstudio.errors import CorpusError, StorageError

MEMORY_BYTES = 4 * 2**30
PATIENCE_S = 2.0
PATIENCE_S_PER_MB = 3.0
MOST_PATIENCE_S = 120.0
_TALK_S = 0.2
_NOTE_S = 0.02


class Talk:
    """What the parent hears, and the watch on getting on."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._told_s = self._noted_s = 0.0
        self._read_bytes = 0
        self._total_bytes = 0
        self._is_watching = False

    def say(self, **answer: Any) -> None:
        """Send one answer; ends the process where nobody listens any more."""
        try:
            self._out.write(json.dumps(answer) + "\n")
            self._out.flush()
        except OSError:
            os._exit(1)

    def begin(self, name: str) -> None:
        """Tell which file is read from here on."""
        self._read_bytes = 0
        self._is_watching = True
        self._noted_s = 0.0
        self.say(begin=name)
        self.got_on(0)

    def got_on(self, read_bytes: int) -> None:
        """Note that something happened; called at every read and every record."""
        if not self._is_watching:
            return
        self._read_bytes += read_bytes
        self._total_bytes += read_bytes
        now_s = time.monotonic()
        if now_s < self._noted_s:  # records may be a million a second
            return
        self._noted_s = now_s + _NOTE_S
        patience_s = PATIENCE_S + PATIENCE_S_PER_MB * self._read_bytes / 1e6
        _watch(min(patience_s, MOST_PATIENCE_S))
        if now_s >= self._told_s:
            self._told_s = now_s + _TALK_S
            self.say(progress=self._total_bytes)

    def rest(self) -> None:
        """Stop watching: a file is done."""
        self._total_bytes = 0
        self._is_watching = False
        _watch(0.0)


class _ImportWatch(importlib.abc.MetaPathFinder):
    """Finds nothing; makes every import count as getting on, for some libraries take seconds."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def find_spec(self, *_names: object) -> None:
        """Leave it to the others."""
        self._talk.got_on(0)


def main() -> int:
    """Serve requests until standard input ends."""
    limit_itself(memory_bytes=MEMORY_BYTES)
    talk = Talk(_own_output())
    sys.meta_path.insert(0, _ImportWatch(talk))
    talk.say(ready=True)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        # broad: this is the edge of the process, and the parent needs a sentence
        try:
            talk.say(done=Intake(request, talk).run())
        except StorageError as error:
            talk.say(storage=str(error))
        except CorpusError as error:
            talk.say(fault=str(error))
        except MemoryError:
            talk.say(fault="takes more memory than one file is given: split it")
        except Exception as error:
            talk.say(fault=f"cannot be read ({type(error).__name__}: {str(error)[:200]})")
        finally:
            talk.rest()
    return 0


def _own_output() -> IO[str]:
    """Return what goes to the parent, and close it to everybody else."""
    own = os.dup(1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.close(nothing)
    return os.fdopen(own, "w", encoding="utf-8", newline="\n")


def _watch(patience_s: float) -> None:
    """Let the system end this process after so much processor time; 0 ends the watch.

    Not wall-clock time: a busy machine is no reason to give a file up.
    """
    if hasattr(signal, "ITIMER_PROF"):  # not on Windows, where the parent's clock has to do
        signal.setitimer(signal.ITIMER_PROF, patience_s)


if __name__ == "__main__":
    sys.exit(main())
