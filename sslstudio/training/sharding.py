"""Each process holds a share of every weight, gradient and moment: FSDP2, torch's own.

Beside ``distributed.py``, for a network that does not fit one device. Each block's weights are
gathered just before it computes and given up after it (``fully_shard`` on every block, then on
the whole; Zhao et al. 2023, 2304.11277). In bf16 the shares are fp32 and are gathered as bf16, so
there is no twin. Checkpoints are those of a single process: gathered tensor by tensor to number
0, and cut again when they are loaded, by any number of processes. Costs one gathering of the
weights forward and one backward a micro-batch. Generation is not possible: it would have to
gather the weights for every token.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import FSDPModule, MixedPrecisionPolicy, fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

from sslstudio.models.network import Network
from sslstudio.training.distributed import Joined
from sslstudio.training.optimizer import Optimizers


class Sharded(Joined):
    """One of several processes, each with a share of every weight."""

    is_sharded = True

    def placed(self, network: nn.Module, device: torch.device, precision: str) -> None:
        """Cut every parameter of ``network``, block by block, and keep a share on ``device``."""
        assert isinstance(network, Network)
        mesh = init_device_mesh(device.type, (self.count,))
        policy = MixedPrecisionPolicy()
        if precision == "bf16":
            policy = MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32)
        for part in (*network.all_blocks(), network):
            fully_shard(part, mesh=mesh, mp_policy=policy)

    def wrapped(self, module: nn.Module) -> nn.Module:
        """Return ``module``: the network in it exchanges gradients itself."""
        return module

    def accumulating(self, wrapped: nn.Module, is_last: bool) -> AbstractContextManager[object]:
        """Exchange gradients every time: a whole one would not fit either."""
        return contextlib.nullcontext()

    def clip(self, parameters: Iterable[nn.Parameter], limit: float) -> Tensor:
        """Clip by the norm over all shares."""
        return _gathered(super().clip(parameters, limit))

    @contextlib.contextmanager
    def looking(self, model: nn.Module) -> Iterator[None]:
        """Compute without gradients, and give up afterwards what the network gathered."""
        try:
            with torch.no_grad():  # tensors of inference mode could not be learnt with later
                yield
        finally:
            cast(FSDPModule, model).reshard()

    def own_parts(self, network: nn.Module) -> list[Tensor]:
        """Return the shares; a small parameter has none in some processes."""
        shares = [cast(DTensor, p.detach()).to_local() for p in network.parameters()]
        return [share for share in shares if share.numel()]

    def whole(self, network: nn.Module, optimizers: Optimizers) -> tuple[Any, Any]:
        """Gather every tensor; only number 0 keeps them."""
        return (whole := _Whole(network, optimizers, keeps=self.is_writer)), whole

    def loadable(self, network: nn.Module, optimizers: Optimizers) -> tuple[Any, Any]:
        """Return what cuts whole tensors into shares as they are loaded."""
        return _Spread(network), _SpreadMoments(optimizers)


class _Whole:
    """Gathered weights and moments, in the CPU's memory, with the face of a network."""

    def __init__(self, network: nn.Module, optimizers: Optimizers, *, keeps: bool) -> None:
        self._weights: dict[str, Tensor] = {}
        self._named: list[tuple[str, Tensor]] = []
        self.state: dict[Tensor, dict[str, Tensor]] = {}
        for name, value in network.state_dict().items():
            whole = _gathered(value).cpu()
            if keeps:
                self._weights[name] = whole
        for name, parameter in network.named_parameters():
            moments = optimizers.state.get(parameter, {})
            gathered = {key: _gathered(torch.as_tensor(v)) for key, v in moments.items()}
            if keeps:
                key = self._weights[name]
                self._named.append((name, key))
                self.state[key] = {k: v.cpu() for k, v in gathered.items()}

    def state_dict(self) -> dict[str, Tensor]:
        """Return the weights by name."""
        return self._weights

    def named_parameters(self) -> list[tuple[str, Tensor]]:
        """Return names and the tensors under which ``state`` keeps the moments."""
        return self._named


class _Spread:
    """A network in shares that loads whole weights."""

    def __init__(self, network: nn.Module) -> None:
        self._network = network
        self.named_parameters = network.named_parameters

    def load_state_dict(self, weights: Mapping[str, Tensor], strict: bool = True) -> None:
        """Load ``weights``; like torch's own, a RuntimeError where names or shapes differ."""
        own = self._network.state_dict()
        shapes = {name: value.shape for name, value in weights.items()}
        if shapes != {name: value.shape for name, value in own.items()}:
            raise RuntimeError("names or shapes of the weights differ")
        with torch.no_grad():
            for name, share in own.items():
                share.copy_(_cut(weights[name], share))


class _SpreadMoments(MutableMapping[nn.Parameter, dict[str, Any]]):
    """The moments of a network in shares; whole ones are cut when they are set."""

    def __init__(self, optimizers: Optimizers) -> None:
        self._state = optimizers.state
        self.state = self  # checkpoints ask an optimizer for it

    def __getitem__(self, parameter: nn.Parameter) -> dict[str, Any]:
        return self._state[parameter]

    def __setitem__(self, parameter: nn.Parameter, state: dict[str, Any]) -> None:
        self._state[parameter] = {
            key: _cut(value, parameter) if value.shape == parameter.shape else value
            for key, value in state.items()
        }

    def __delitem__(self, parameter: nn.Parameter) -> None:
        del self._state[parameter]

    def __iter__(self) -> Iterator[nn.Parameter]:
        return iter(self._state)

    def __len__(self) -> int:
        return len(self._state)


def _gathered(value: Tensor) -> Tensor:
    return value.full_tensor() if isinstance(value, DTensor) else value


def _cut(whole: Tensor, like: Tensor) -> Tensor:
    """Return this process's share of ``whole``, cut as ``like`` is; nobody is asked."""
    if not isinstance(like, DTensor):
        return whole
    return distribute_tensor(whole, like.device_mesh, like.placements, src_data_rank=None)
