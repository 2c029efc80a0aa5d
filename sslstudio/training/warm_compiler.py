"""Let a child process meet the compiler first, so that a window beside the trainer stays smooth.

Compiling holds Python's lock for up to 180 ms at a time (measured); a child fills torch's cache
on disk, and what is left for this process takes two seconds in small pieces. The code, and so
every digit, is the same with and without. Used only where the trainer is not alone in its
process. A child that fails changes nothing: then this process compiles itself.
"""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import threading
from collections.abc import Callable

import torch

from sslstudio.models.configuration import ModelConfig
from sslstudio.models.network import build_network
from sslstudio.recipe import TrainingOptions
from sslstudio.registry import build_options
from sslstudio.training.assembly import prepare_blocks
from sslstudio.training.precision import dtype_of_weights

_MODULE = "sslstudio.training.warm_compiler"
_POLL_S = 0.1


def is_wanted(training: TrainingOptions) -> bool:
    """Say whether a child should go first: somebody else lives in this process."""
    is_alone = threading.current_thread() is threading.main_thread()
    return training.compile == "on" and not is_alone and not getattr(sys, "frozen", False)


def warm(
    config: ModelConfig,
    training: TrainingOptions,
    device: torch.device,
    cancelled: Callable[[], bool],
) -> None:
    """Compile in a child what a run of these settings will compile; returns early if cancelled."""
    wish = {
        "config": config.to_dict(),
        "training": dataclasses.asdict(training),
        "device": str(device),
        "threads": torch.get_num_threads(),
    }
    command = [sys.executable, "-m", _MODULE, json.dumps(wish)]
    silent = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=silent, stdout=silent, stderr=silent) as child:
        while True:
            try:
                child.wait(_POLL_S)
                return
            except subprocess.TimeoutExpired:
                if cancelled():
                    child.kill()


def compile_once(config: ModelConfig, training: TrainingOptions, device: torch.device) -> None:
    """Run one micro-batch forward and backward, with and without a document mask."""
    model = build_network(config).to(device, dtype_of_weights(training.precision))
    prepare_blocks(model, training)
    assert isinstance(training.micro_batch, int)
    ids_BT = torch.zeros((training.micro_batch, config.context), dtype=torch.int64, device=device)
    for documents_BT in (None, ids_BT):
        model(ids_BT, documents_BT=documents_BT).float().sum().backward()


def main(words: list[str]) -> None:
    """Do what the parent asks for in one JSON document."""
    wish = json.loads(words[0])
    torch.set_num_threads(int(wish["threads"]))
    compile_once(
        ModelConfig.from_dict(wish["config"]),
        build_options(TrainingOptions, wish["training"], "training"),
        torch.device(wish["device"]),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
