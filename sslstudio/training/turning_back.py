"""Go back to the last good checkpoint when going on is no use, and halve the rate if allowed.

Called by the trainer after three updates in a row that were not finite. What went wrong once may
have been chance; what goes wrong again before the run got any further will go wrong forever, unless
the learning rate is lower: then the run ends with a sentence that names the batch. A checkpoint
that was saved between skipped updates is not good: the trouble had begun.
"""

from __future__ import annotations

import dataclasses

from sslstudio.errors import SSLStudioError
from sslstudio.training.checkpoint import Progress, drop_newer, last_good, load_checkpoint
from sslstudio.training.materials import Materials

_MOST_HALVINGS = 8


def turn_back(m: Materials, now: Progress, began: int, batch: str) -> Progress:
    """Restore the last good checkpoint; returns where the run stands then.

    Args:
        now: where the run stood when it was given up.
        began: the first of the skipped steps.
        batch: names its batch.

    Before the first checkpoint that is the beginning: the seed gives the first weights again.

    Raises:
        SSLStudioError: the same happened before and the learning rate may not be lowered further.
    """
    may_halve = m.recipe.training.halve_rate
    is_again = now.step <= now.turned_back_at
    halvings = now.halvings + 1 if may_halve else now.halvings
    if (is_again and not may_halve) or halvings > _MOST_HALVINGS:
        remedy = "resume with a lower training.learning_rate"
        raise SSLStudioError(
            f"the loss is no longer a number from step {began:,} on, and again after going back "
            f"to a checkpoint ({batch}): {remedy}"
            + ("" if may_halve else ", or with training.halve_rate=true")
        )
    checkpoint = last_good(m.run)
    m.processes.meet()  # before anything that another is looking at is removed
    if m.processes.is_writer:
        drop_newer(m.run, checkpoint.step if checkpoint else 0)
    if checkpoint is None:
        m.begin_anew()
        restored = Progress()
    else:
        restored = load_checkpoint(checkpoint.path, *m.loadable(), m.scaler)
    m.publish_weights()
    return dataclasses.replace(
        restored,
        halvings=halvings,
        turned_back_at=max(now.step, now.turned_back_at),
        skipped_in_a_row=0,
    )
