"""What the engine can do, as plain data; loading it is what imports torch.

:func:`load_engine` runs in a worker thread after the window is painted and takes seconds. Pages
read the result and never touch a tensor.
"""

from __future__ import annotations

import dataclasses
import functools
import threading

from sslstudio.registry import Option, catalogue, options_of


@dataclasses.dataclass(frozen=True)
class ObjectiveFacts:
    """One objective of the catalogue, as its card and its form need it."""

    name: str
    family: str
    question: str
    architectures: tuple[str, ...]
    options: tuple[Option, ...]
    facts: dict[str, object]  # everything it was registered with


@dataclasses.dataclass(frozen=True)
class Device:
    """A device that can train: ``name`` is what the command line calls it."""

    name: str
    title: str
    memory_bytes: int


@dataclasses.dataclass(frozen=True)
class Engine:
    """The engine is loaded, and this is what it offers."""

    objectives: tuple[ObjectiveFacts, ...]
    devices: tuple[Device, ...]
    torch_version: str = ""

    def objective(self, name: str) -> ObjectiveFacts | None:
        """Return the objective called ``name``, or None where there is none."""
        return next((o for o in self.objectives if o.name == name), None)


_loading = threading.Lock()


def load_engine() -> Engine:
    """Import torch and every objective; takes seconds, so call it in a worker thread.

    Threads that come while another loads wait here: two threads that import the same circular
    packages at once may see one of them half made.
    """
    with _loading:
        return _load()


@functools.cache
def _load() -> Engine:
    import torch

    from sslstudio.objectives.objective import objective_class

    objectives = []
    for name, entry in catalogue("objectives").items():
        cls = objective_class(name)
        objectives.append(
            ObjectiveFacts(
                name=name,
                family=entry.facts["family"],
                question=entry.facts["question"],
                architectures=cls.architectures,
                options=options_of(cls.Options),
                facts=dict(entry.facts),
            )
        )
    return Engine(tuple(objectives), tuple(_devices()), str(torch.__version__))


def _devices() -> list[Device]:
    import psutil
    import torch

    found = [
        Device(f"cuda:{i}", torch.cuda.get_device_name(i), _cuda_memory(i))
        for i in range(torch.cuda.device_count())
    ]
    memory = int(psutil.virtual_memory().total)
    if torch.backends.mps.is_available():
        found.append(Device("mps", "Apple graphics", memory))
    found.append(Device("cpu", "Processor", memory))
    return found


def _cuda_memory(index: int) -> int:
    import torch

    return int(torch.cuda.get_device_properties(index).total_memory)
