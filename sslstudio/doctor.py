"""What this machine has, what it lacks, and how to get it: the `doctor` of the command line.

Stands under the studio and the command line, beside nobody: it reads versions, devices, the
display and the disk, and changes nothing. Importing it costs nothing; a diagnosis imports torch
(a second or two) and survives a torch that cannot be imported. It never imports Qt, since a
missing library is exactly what it should be able to report, and it knows nothing of recipes.
"""

from __future__ import annotations

import dataclasses
import os
import platform
import shutil
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from sslstudio import display, runs

_PACKAGES = (
    "sslstudio", "torch", "numpy", "tokenizers", "safetensors", "PySide6-Essentials",
    "shiboken6", "pyqtgraph", "qtawesome", "psutil", "platformdirs", "filelock",
)  # fmt: skip
_LITTLE_SPACE_BYTES = 2 * 10**9  # a checkpoint of a 40 M model with its optimizer is 0.5 GB
_DRIVER = {"win32": "nvcuda.dll"}.get(sys.platform, "libcuda.so.1")

Level = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Device:
    """Something that trains. ``name`` is what --device takes; memory is the whole, in bytes."""

    name: str
    kind: str
    title: str
    memory_bytes: int
    precision: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """One thing worth knowing, and what to do about it."""

    level: Level
    text: str
    remedy: str


@dataclass(frozen=True)
class Diagnosis:
    """The contract of ``doctor --json``; ``display`` is None where no window can open."""

    python: str
    versions: dict[str, str]
    devices: tuple[Device, ...]
    threads: int
    display: str | None
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists and dictionaries for JSON."""
        return dataclasses.asdict(self)


def diagnose(command: str = "sslstudio") -> Diagnosis:
    """Look at this machine.

    Args:
        command: How the user starts the command line, for the remedies.

    Returns:
        What was found. Nothing is raised for what is missing: it becomes a finding.
    """
    torch, findings = _import_torch()
    devices: tuple[Device, ...] = ()
    versions = _versions()
    if torch is not None:
        devices = tuple(_devices(torch))
        versions["CUDA"] = torch.version.cuda or ""
        findings += [*_accelerator_findings(torch, _driver_is_there()), *_compiler_findings()]
    findings += [*_qt_findings(versions, command), *_disk_findings(runs.default_runs_dir())]
    return Diagnosis(
        python=platform.python_version(),
        versions={name: version for name, version in versions.items() if version},
        devices=devices,
        threads=torch.get_num_threads() if torch is not None else os.cpu_count() or 1,
        display=_describe_display(),
        findings=tuple(findings),
    )


def render(diagnosis: Diagnosis) -> str:
    """Return ``diagnosis`` as text for a terminal."""
    lines = [f"Python {diagnosis.python}", "", "Devices"]
    for device in diagnosis.devices:
        memory = f"{device.memory_bytes / 2**30:.0f} GiB"
        lines.append(f"  {device.name:<8} {device.title}, {memory}: {', '.join(device.precision)}")
    if not diagnosis.devices:
        lines.append("  none: torch cannot be used")
    lines += ["", f"Threads  {diagnosis.threads}", f"Display  {diagnosis.display or 'none'}"]
    lines += ["", "Versions"]
    lines += [f"  {name:<20} {version}" for name, version in diagnosis.versions.items()]
    lines += ["", "Findings" if diagnosis.findings else "Nothing is amiss."]
    for finding in diagnosis.findings:
        lines += [f"  {finding.level}: {finding.text}", f"      {finding.remedy}"]
    return "\n".join(lines)


def _versions() -> dict[str, str]:
    """Return the installed version of what matters; empty for what is not there."""
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = ""
    return versions


def _import_torch() -> tuple[ModuleType | None, list[Finding]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import torch
    except (ImportError, OSError, RuntimeError) as error:  # a wheel for another machine, say
        reason = " ".join(str(error).split())[:200]
        remedy = "delete the folder .venv and start packaging/bootstrap.py again"
        return None, [Finding("error", f"torch cannot be imported: {reason}", remedy)]
    return torch, []


def _devices(torch: ModuleType) -> Iterator[Device]:
    """Yield the CPU first, then every accelerator this build of torch can reach."""
    import psutil

    from sslstudio.training.precision import precisions

    def precision(name: str) -> tuple[str, ...]:
        return precisions(torch.device(name))

    title = platform.processor() or platform.machine()
    if hasattr(torch.cpu, "get_capabilities"):
        title = torch.cpu.get_capabilities().get("cpu_name") or title
    yield Device("cpu", "cpu", title, psutil.virtual_memory().total, precision("cpu"))
    for index in range(torch.cuda.device_count() if _cuda_works(torch) else 0):
        facts, name = torch.cuda.get_device_properties(index), f"cuda:{index}"
        yield Device(name, "cuda", facts.name, facts.total_memory, precision(name))
    if torch.backends.mps.is_available():
        memory = int(torch.mps.recommended_max_memory())
        yield Device("mps", "mps", f"{platform.machine()} GPU", memory, precision("mps"))


def _cuda_works(torch: ModuleType) -> bool:
    with warnings.catch_warnings():  # torch warns of an old driver; that becomes a finding
        warnings.simplefilter("ignore")
        return bool(torch.cuda.is_available())


def _driver_is_there() -> bool:
    """Tell whether NVIDIA's driver is installed, whatever torch makes of it."""
    import ctypes

    try:
        ctypes.CDLL(_DRIVER)
    except OSError:
        return False
    return True


def _accelerator_findings(torch: ModuleType, driver: bool) -> Iterator[Finding]:
    if not _cuda_works(torch):
        if driver and torch.version.cuda is None:
            yield Finding(
                "warning",
                "there is an NVIDIA driver here, and this build of torch computes on the CPU only",
                "install PyTorch's CUDA build of the same version into this environment",
            )
        elif driver:
            yield Finding(
                "warning",
                f"torch was built for CUDA {torch.version.cuda} and cannot use the driver here",
                "update the NVIDIA driver; until then runs compute on the CPU",
            )
        return
    for index in range(torch.cuda.device_count()):
        capability = torch.cuda.get_device_capability(index)
        if not runs_on(capability, torch.cuda.get_arch_list()):
            yield Finding(
                "error",
                f"cuda:{index} ({torch.cuda.get_device_name(index)}) has compute capability "
                f"{capability[0]}.{capability[1]}, for which this build of torch has no kernels",
                "use --device cpu, or install a build of torch for an older CUDA",
            )


def runs_on(capability: tuple[int, int], architectures: list[str]) -> bool:
    """Tell whether kernels for ``architectures`` run on a GPU of ``capability``.

    Binary code (``sm_86``) runs on the same major version from its minor version up; PTX
    (``compute_90``) is compiled for anything newer (CUDA C++ Programming Guide, 3.1.2-3.1.3).
    """
    for name in architectures:
        kind, _, digits = name.partition("_")
        digits = digits.rstrip("af")
        if not digits.isdigit():
            continue
        built_for = (int(digits[:-1]), int(digits[-1]))
        if kind == "compute" and built_for <= capability:
            return True
        if kind == "sm" and built_for[0] == capability[0] and built_for[1] <= capability[1]:
            return True
    return False


def _compiler_findings() -> Iterator[Finding]:
    names = ["cl"] if sys.platform == "win32" else ["c++", "g++", "clang++"]
    if not any(shutil.which(name) for name in [os.environ.get("CXX", ""), *names] if name):
        yield Finding(
            "info",
            "there is no C++ compiler, so runs on the CPU are not compiled (they train slower)",
            "install one (g++ or clang; on Windows, Visual Studio's build tools)",
        )


def _qt_findings(versions: dict[str, str], command: str) -> Iterator[Finding]:
    version = versions.get("PySide6-Essentials", "")
    if not version:
        yield Finding(
            "error", "PySide6 is not installed, so the studio cannot open", "pip install sslstudio"
        )
    elif aborts(version, sys.version_info[:2]):
        yield Finding(
            "error",
            f"PySide6 {version} drops references on Python before 3.12 and will abort the studio",
            "pip install 'PySide6-Essentials<6.12', or use Python 3.12 or newer",
        )
    if problem := display.display_problem(command=command):
        text, _, remedy = problem.partition("; ")
        yield Finding("warning", text, remedy)


def aborts(pyside: str, python: tuple[int, ...]) -> bool:
    """Tell whether this PySide6 kills this Python (hazard no. 1: 6.12 on CPython before 3.12)."""
    numbers = [int(part) for part in pyside.split(".")[:2] if part.isdigit()]
    return tuple(numbers) >= (6, 12) and tuple(python) < (3, 12)


def _disk_findings(folder: Path) -> Iterator[Finding]:
    existing = next(path for path in [folder, *folder.absolute().parents] if path.exists())
    free = shutil.disk_usage(existing).free
    if free < _LITTLE_SPACE_BYTES:
        yield Finding(
            "warning",
            f"only {free / 1e9:.1f} GB are free where runs are kept ({folder})",
            "free some space, or keep runs elsewhere with --runs",
        )
    if not os.access(existing, os.W_OK):
        yield Finding(
            "error",
            f"runs cannot be written to {folder}",
            "mend the permissions of that folder, or keep runs elsewhere with --runs",
        )


def _describe_display() -> str | None:
    platforms = display.qt_platforms()
    if platforms is None:
        return "windows" if sys.platform == "win32" else "cocoa"
    if display.display_problem():
        return None
    name = {"xcb": os.environ.get("DISPLAY"), "wayland": os.environ.get("WAYLAND_DISPLAY")}
    return ", ".join(f"{kind} {name.get(kind) or ''}".strip() for kind in platforms)
