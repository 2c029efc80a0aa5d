"""What moves the weights: AdamW alone, or Muon for the hidden matrices with AdamW for the rest.

Weight decay pulls on matrices only, never on norms and biases (Loshchilov and Hutter 2019;
Brown et al. 2020, appendix B). Muon takes matrices inside the blocks; embedding, output matrix,
norms and biases stay with AdamW (``torch.optim.Muon`` takes nothing else than matrices and has
no second half of its own).
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

import torch
from torch import Tensor, nn

from sslstudio.training.muon import build_muon

_BETA1, _EPSILON = 0.9, 1e-8
_INSIDE_A_BLOCK = "blocks."


class Optimizers:
    """One or two of torch's optimizers, stepped and saved as one.

    Attributes:
        members: the optimizers; every parameter belongs to exactly one of them.
        state: moments by parameter, over all members.
    """

    def __init__(self, *members: torch.optim.Optimizer) -> None:
        self.members = members
        self.state: MutableMapping[nn.Parameter, dict[str, Any]] = _States(members)

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """The groups of all members; a change of ``lr`` here changes theirs."""
        return [group for member in self.members for group in member.param_groups]

    def set_rate(self, rate: float) -> None:
        """Set the learning rate of the next step."""
        for group in self.param_groups:
            group["lr"] = rate

    def set_moments(self) -> None:
        """Set memory aside for all moments now, so that no later step can run out of it."""
        for member in self.members:
            for group in member.param_groups:
                for parameter in group["params"]:
                    if parameter not in member.state:
                        member.state[parameter] = _first_state(member, parameter)

    def forget_moments(self) -> None:
        """Make all moments as they are before the first step."""
        for member in self.members:
            member.state.clear()
        self.set_moments()

    @property
    def can_skip_on_device(self) -> bool:
        """Whether a step can be skipped by a flag that stays on the device."""
        return all(isinstance(m, torch.optim.AdamW) and m.defaults["fused"] for m in self.members)

    def step(self, skip: Tensor | None = None) -> None:
        """Move the weights; with ``skip`` (fp32 scalar, 1 = leave everything as it is)."""
        for member in self.members:
            if skip is not None:
                # what torch's own GradScaler hands to fused optimizers
                member.grad_scale = torch.ones_like(skip)  # type: ignore[attr-defined]
                member.found_inf = skip  # type: ignore[attr-defined]
            member.step()

    def zero_grad(self) -> None:
        """Forget all gradients."""
        for member in self.members:
            member.zero_grad(set_to_none=True)


class _States(MutableMapping[nn.Parameter, dict[str, Any]]):
    """The moments of several optimizers as one mapping."""

    def __init__(self, members: tuple[torch.optim.Optimizer, ...]) -> None:
        self._of = {
            parameter: member.state
            for member in members
            for group in member.param_groups
            for parameter in group["params"]
        }

    def __getitem__(self, parameter: nn.Parameter) -> dict[str, Any]:
        if parameter not in self:  # torch's own mapping would make an entry
            raise KeyError(parameter)
        state: dict[str, Any] = self._of[parameter][parameter]
        return state

    def __setitem__(self, parameter: nn.Parameter, state: dict[str, Any]) -> None:
        self._of[parameter][parameter] = state

    def __delitem__(self, parameter: nn.Parameter) -> None:
        del self._of[parameter][parameter]

    def __contains__(self, parameter: object) -> bool:
        return parameter in self._of and parameter in self._of[parameter]

    def __iter__(self) -> Iterator[nn.Parameter]:
        return (parameter for parameter in self._of if parameter in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def build_optimizers(
    model: nn.Module,
    *,
    kind: str,
    learning_rate: float,
    weight_decay: float,
    beta2: float,
    has_bf16: bool,
) -> Optimizers:
    """Return the optimizers of ``kind`` "adamw" or "muon" over the parameters of ``model``.

    Args:
        has_bf16: whether the device has products in bf16, which Muon prefers.
    """
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    inside = [p for name, p in named if kind == "muon" and _is_hidden_matrix(name, p)]
    taken = {id(p) for p in inside}
    rest = [p for _, p in named if id(p) not in taken]
    groups = [
        {"params": [p for p in rest if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in rest if p.ndim < 2], "weight_decay": 0.0},
    ]
    is_fused = all(p.device.type in ("cpu", "cuda") for p in rest)
    adamw = torch.optim.AdamW(
        groups, lr=learning_rate, betas=(_BETA1, beta2), eps=_EPSILON, fused=is_fused
    )
    if not inside:
        return Optimizers(adamw)
    muon = build_muon(
        inside, learning_rate=learning_rate, weight_decay=weight_decay, in_fp32=not has_bf16
    )
    return Optimizers(muon, adamw)


def hidden_matrices(model: nn.Module) -> int:
    """Return how many numbers Muon would move: those of the matrices inside the blocks."""
    named = model.named_parameters()
    return sum(p.numel() for name, p in named if _is_hidden_matrix(name, p))


def _is_hidden_matrix(name: str, parameter: nn.Parameter) -> bool:
    return _INSIDE_A_BLOCK in name and parameter.ndim == 2


def _first_state(member: torch.optim.Optimizer, parameter: nn.Parameter) -> dict[str, Any]:
    """Return the state that ``member`` would make itself at its first step."""
    if isinstance(member, torch.optim.Muon):
        return {"momentum_buffer": torch.zeros_like(parameter)}
    device = parameter.device if member.defaults["fused"] else "cpu"
    return {
        "step": torch.zeros((), dtype=torch.float32, device=device),
        "exp_avg": torch.zeros_like(parameter),
        "exp_avg_sq": torch.zeros_like(parameter),
    }
