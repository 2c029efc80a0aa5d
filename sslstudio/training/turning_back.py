"""Go back to the last good checkpoint when going on is no use, and halve the rate if allowed.

Called by the trainer after three updates in a row that were not finite. What went wrong once may
have been chance; what goes wrong again at the same step will go wrong forever, unless the
learning rate is lower: then the run ends with a sentence that names the batch.
"""

from __future__ import annotations

import dataclasses

from sslstudio.errors import SSLStudioError
from sslstudio.training.checkpoint import Progress, load_checkpoint, newest_valid
from sslstudio.training.materials import Materials

_MOST_HALVINGS = 8


def turn_back(m: Materials, now: Progress, batch: str) -> Progress:
    """Restore the last good checkpoint; returns where the run stands then.

    Args:
        now: where the run stood when it was given up.
        batch: names the batch of the first of the skipped steps.

    Before the first checkpoint that is the beginning: the seed gives the first weights again.

    Raises:
        SSLStudioError: the same happened before and the learning rate may not be lowered further.
    """
    may_halve = m.recipe.training.halve_rate
    is_again = now.turned_back_at == now.step
    halvings = now.halvings + 1 if may_halve else now.halvings
    if (is_again and not may_halve) or halvings > _MOST_HALVINGS:
        raise SSLStudioError(
            f"the loss is no longer a number from step {now.step - 2} on, and again after going "
            f"back to a checkpoint ({batch}): resume with a lower training.learning_rate, or "
            "with training.halve_rate=true"
        )
    checkpoint, _ = newest_valid(m.run)
    if checkpoint is None:
        m.begin_anew()
        restored = Progress()
    else:
        restored = load_checkpoint(checkpoint.path, m.master, m.optimizers, m.scaler)
    m.publish_weights()
    return dataclasses.replace(
        restored, halvings=halvings, turned_back_at=now.step, skipped_in_a_row=0
    )
