"""The locked versions fit what pyproject.toml asks for, on every Python and system we name."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ENVIRONMENTS = [
    {"python_version": python, "python_full_version": f"{python}.4", "sys_platform": system}
    for python, system in itertools.product(["3.11", "3.12", "3.13"], ["linux", "win32", "darwin"])
]


def _lines(*names: str) -> Iterator[Requirement]:
    for name in names:
        for line in (ROOT / "packaging" / name).read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                yield Requirement(line)


def _pins(environment: dict[str, str], *names: str) -> dict[str, Version]:
    """Return name to version as pip reads the lock files under ``environment``."""
    pins: dict[str, Version] = {}
    for line in _lines(*names):
        if line.marker is None or line.marker.evaluate(environment):
            (specifier,) = line.specifier
            assert specifier.operator == "==", line
            assert canonicalize_name(line.name) not in pins, f"{line.name} is pinned twice"
            pins[canonicalize_name(line.name)] = Version(specifier.version)
    return pins


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda e: "-".join(e.values()))
def test_every_requirement_is_met(environment: dict[str, str]) -> None:
    runtime = _pins(environment, "requirements.lock")
    everything = _pins(environment, "requirements.lock", "requirements-test.lock")
    asked = [(text, runtime) for text in PROJECT["project"]["dependencies"]]
    asked += [(text, runtime) for text in PROJECT["build-system"]["requires"]]
    for extra in [PROJECT["project"]["optional-dependencies"]["test"]]:
        asked += [(text, everything) for text in extra]
    for text, pins in asked:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            version = pins.get(canonicalize_name(requirement.name))
            assert version is not None, f"{text} is not locked: run packaging/lock.py"
            assert version in requirement.specifier, f"{text}, but {version} is locked"


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda e: "-".join(e.values()))
def test_no_pyside_that_aborts_is_locked(environment: dict[str, str]) -> None:
    pins = _pins(environment, "requirements.lock")
    assert pins["pyside6-essentials"] == pins["shiboken6"]
    if environment["python_version"] == "3.11":
        assert pins["pyside6-essentials"] < Version("6.12")


def test_torch_is_chosen_and_what_brings_cuda_is_left_to_it() -> None:
    lines = list(_lines("requirements.lock", "requirements-test.lock"))
    names = {canonicalize_name(line.name) for line in lines}
    assert [str(line) for line in lines if line.name == "torch"] == ["torch==2.13.0"]
    assert not [name for name in names if name.startswith(("nvidia", "cuda", "triton"))]
    assert not [line for line in lines if line.url]


def test_the_full_pyside_stays_out() -> None:
    """It would bring modules under the GPL (hazard no. 4)."""
    names = {canonicalize_name(line.name) for line in _lines("requirements.lock")}
    assert not names & {"pyside6", "pyside6-addons"}
