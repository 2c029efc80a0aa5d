"""What a run computes with: versions, device, threads, processes; and what is different now.

Kept in ``run.json`` when a run begins and with every resumption. Where all of it is the same, a
run that goes on is the run that never stopped, bit for bit; every difference is said aloud.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

import sslstudio
from sslstudio.training.processes import Processes


def circumstances(device: torch.device, processes: Processes) -> dict[str, Any]:
    """Return what this process computes with now, as plain values."""
    return {
        "versions": {
            "sslstudio": sslstudio.__version__,
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
        },
        "device": str(device),
        "device_name": device_name(device),
        "threads": torch.get_num_threads(),
        "processes": processes.count,
    }


def device_name(device: torch.device) -> str:
    """Return the model of the device, as far as the system tells."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()}"


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return one sentence for everything that differs and could change the last digits.

    What ``before`` does not tell, as a run of an earlier release, is passed over.
    """
    found = [
        f"it began with {text.format(before[key])} and goes on with {text.format(now[key])}"
        for key, text in _WORDS.items()
        if key in before and before[key] != now[key]
    ]
    kept = before.get("versions")
    earlier = kept if isinstance(kept, Mapping) else {}
    for name, version in now["versions"].items():
        if name in earlier and earlier[name] != version:
            found.append(f"it began with {name} {earlier[name]} and goes on with {version}")
    return found


_WORDS = {
    "device": "device {}",
    "device_name": "{}",
    "threads": "{} threads",
    "processes": "{} processes",
}
