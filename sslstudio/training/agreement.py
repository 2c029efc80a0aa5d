"""A control that several processes read alike: what number 0 was asked is what all are asked.

Stands between the trainer and its control where several processes train. Whoever stops, pauses
or saves says so to number 0, at any moment; but one process that left the loop alone would leave
the others waiting for ever. So nothing asked counts before :meth:`look`, which every process
calls at the same places and which costs one small message. Knows nothing of torch.
"""

from __future__ import annotations

from collections.abc import Callable

from sslstudio.training.control import Control, SampleRequest

# hands number 0's numbers to every process, in all of them at once
Tell = Callable[[list[int]], list[int]]


class AgreedControl(Control):
    """``own`` as it was when all looked last; ``own`` counts in number 0 only."""

    def __init__(self, own: Control, tell: Tell, *, is_writer: bool) -> None:
        super().__init__()
        self._own = own
        self._tell = tell
        self._is_writer = is_writer

    def look(self) -> Control:
        """Hear what number 0 was asked; all processes must call it together."""
        own, asked = self._own, [0, 0, 0]
        if self._is_writer:
            asked = [int(own.is_stopping), int(own.is_paused), int(own.take_save())]
        is_stopping, is_paused, saves = self._tell(asked)
        if is_stopping:
            self.stop(own.stop_reason)
        if is_paused:
            self.pause()
        else:
            self.resume()
        if saves:
            self.save_now()
        return self

    @property
    def is_asked_to_stop(self) -> bool:
        """Whether this very process was asked, looked or not."""
        return self._own.is_asked_to_stop

    @property
    def has_requests(self) -> bool:
        """Whether a checkpoint is agreed on, or somebody waits for a text from this process."""
        return self._save or (self._is_writer and self._own.has_requests)

    def take_samples(self) -> list[SampleRequest]:
        """Return the requests that wait in this process."""
        return self._own.take_samples()

    def wait_while_paused(self, timeout_s: float = 1.0) -> None:
        """Sleep while number 0 does, then look again."""
        if self._is_writer:
            self._own.wait_while_paused(timeout_s)
        self.look()
