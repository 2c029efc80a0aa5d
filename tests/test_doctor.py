"""The doctor keeps its contract, survives what is broken, and knows which GPU runs what."""

from __future__ import annotations

import collections
import json
import shutil
import sys
import types
from pathlib import Path

import psutil
import pytest

from sslstudio import doctor


@pytest.fixture(scope="module")
def diagnosis() -> doctor.Diagnosis:
    return doctor.diagnose()


def test_the_json_document_has_the_shape_of_the_contract(diagnosis: doctor.Diagnosis) -> None:
    document = json.loads(json.dumps(diagnosis.to_dict()))
    assert {"python", "versions", "devices", "threads", "display", "findings"} <= set(document)
    cpu = document["devices"][0]
    assert (cpu["name"], cpu["kind"]) == ("cpu", "cpu")
    assert cpu["memory_bytes"] == psutil.virtual_memory().total
    assert "fp32" in cpu["precision"]
    assert document["threads"] >= 1
    assert document["versions"]["torch"].startswith("2.")
    for finding in document["findings"]:
        assert finding["level"] in ("info", "warning", "error")
        assert finding["text"]
        assert finding["remedy"]


def test_the_text_says_what_the_document_says(diagnosis: doctor.Diagnosis) -> None:
    text = doctor.render(diagnosis)
    assert "cpu" in text
    assert diagnosis.versions["torch"] in text
    for finding in diagnosis.findings:
        assert finding.remedy in text


def test_a_torch_that_cannot_be_imported_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    diagnosis = doctor.diagnose()
    assert diagnosis.devices == ()
    assert diagnosis.findings[0].level == "error"
    assert "torch cannot be imported" in diagnosis.findings[0].text


@pytest.mark.parametrize(
    ("capability", "architectures", "works"),
    [
        ((8, 6), ["sm_80"], True),  # a later minor version runs the binary of an earlier one
        ((8, 0), ["sm_86"], False),  # and not the other way round
        ((9, 0), ["sm_80"], False),  # another major version needs PTX
        ((12, 0), ["sm_90", "compute_90"], True),  # which is compiled for what is newer
        ((7, 0), ["sm_75", "sm_80", "compute_120"], False),  # Volta under CUDA 13
        ((9, 0), ["sm_90a"], True),
        ((10, 3), ["sm_100"], True),
    ],
)
def test_kernels_run_as_the_cuda_guide_says(
    capability: tuple[int, int], architectures: list[str], works: bool
) -> None:
    assert doctor.runs_on(capability, architectures) is works


def test_a_gpu_too_old_for_this_torch_is_an_error() -> None:
    cuda = types.SimpleNamespace(
        is_available=lambda: True,
        device_count=lambda: 1,
        get_device_capability=lambda index: (6, 1),
        get_device_name=lambda index: "GTX 1080",
        get_arch_list=lambda: ["sm_75", "sm_90", "compute_90"],
    )
    torch = types.ModuleType("torch")
    vars(torch).update(cuda=cuda, version=types.SimpleNamespace(cuda="13.0"))
    (finding,) = doctor._accelerator_findings(torch, driver=True)
    assert finding.level == "error"
    assert "GTX 1080" in finding.text
    assert "6.1" in finding.text


def test_the_pyside_that_aborts_is_known() -> None:
    assert doctor.aborts("6.12.0", (3, 11))
    assert not doctor.aborts("6.12.0", (3, 12))
    assert not doctor.aborts("6.11.3", (3, 11))


def test_little_disk_space_is_a_warning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    usage = collections.namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10, 9, 1))
    (finding,) = doctor._disk_findings(tmp_path / "not" / "there" / "yet")
    assert finding.level == "warning"
