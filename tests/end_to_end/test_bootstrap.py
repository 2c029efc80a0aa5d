"""The bootstrap: what it decides, and what it says; a real install only behind --slow."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "bootstrap.py"


@pytest.fixture
def bootstrap() -> Any:
    """The script as a module of its own, whose steps a test may replace."""
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path, bootstrap: Any) -> Path:
    """A project as `prepare` sees it, its .venv installed for "run"."""
    (tmp_path / "packaging").mkdir()
    for name in (
        "pyproject.toml",
        "packaging/requirements.lock",
        "packaging/requirements-test.lock",
    ):
        (tmp_path / name).write_text(name, "utf-8")
    python = bootstrap.venv_python(tmp_path / ".venv")
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (tmp_path / ".venv" / "pyvenv.cfg").touch()
    stamps = {"run": bootstrap.fingerprint("run", tmp_path)}
    bootstrap.write_stamps(tmp_path / ".venv", stamps)
    return tmp_path


def test_what_is_installed_is_not_installed_again(bootstrap: Any, checkout: Path) -> None:
    bootstrap.install = bootstrap.make_venv = lambda *arguments: pytest.fail("nothing is to do")
    began = time.perf_counter()
    bootstrap.prepare("run", checkout)
    assert time.perf_counter() - began < 0.1
    assert not bootstrap.is_ready("test", checkout)


@pytest.mark.parametrize("name", ["pyproject.toml", "packaging/requirements.lock"])
def test_a_changed_project_is_installed_again(bootstrap: Any, checkout: Path, name: str) -> None:
    (checkout / name).write_text("changed", "utf-8")
    assert not bootstrap.is_ready("run", checkout)


def test_another_python_or_place_is_installed_again(
    bootstrap: Any, checkout: Path, tmp_path: Path
) -> None:
    assert bootstrap.fingerprint("run", checkout) != bootstrap.fingerprint("run", checkout, (3, 99))
    moved = checkout.rename(tmp_path.with_name(tmp_path.name + "-moved"))
    assert not bootstrap.is_ready("run", moved)


def test_an_install_that_was_cut_off_is_made_anew(bootstrap: Any, checkout: Path) -> None:
    (checkout / ".venv" / bootstrap.INSTALLING).touch()
    assert not bootstrap.is_ready("run", checkout)
    done: list[str] = []
    bootstrap.make_venv = lambda venv: done.append("venv")
    bootstrap.install = lambda purpose, root: done.append(purpose)
    bootstrap.prepare("run", checkout)
    assert done == ["venv", "run"]


def test_a_pip_that_fails_leaves_no_stamp_and_says_why(
    bootstrap: Any, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "pyproject.toml").write_text("changed", "utf-8")
    last = "ERROR: Could not find a version that satisfies torch (from versions: none)"
    bootstrap.watch = lambda command, environ=None: (1, ["Collecting torch", last])
    with pytest.raises(bootstrap.Refusal, match="check the network") as refusal:
        bootstrap.install("run", checkout)
    assert refusal.value.status == 1
    assert last in capsys.readouterr().err
    assert bootstrap.read_stamps(checkout / ".venv") == {}
    assert not (checkout / ".venv" / bootstrap.INSTALLING).exists()


def test_a_folder_of_the_users_is_not_cleared(bootstrap: Any, tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "diary.txt").write_text("mine", "utf-8")
    with pytest.raises(bootstrap.Refusal, match="move it away"):
        bootstrap.must_be_made_anew(tmp_path / ".venv")


def test_an_old_python_gets_one_sentence(bootstrap: Any) -> None:
    sentence = bootstrap.python_problem((3, 10))
    assert "3.11 or newer" in sentence
    assert "this is 3.10" in sentence
    assert bootstrap.python_problem((3, 11)) is None


def test_the_file_parses_on_an_old_python() -> None:
    import ast

    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 7))


def test_without_root_the_one_command_is_printed(
    bootstrap: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.may_install = lambda: False
    bootstrap.watch = lambda *arguments: pytest.fail("nothing may be installed")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    bootstrap.install_system_libraries([])
    with pytest.raises(bootstrap.Refusal) as refusal:
        bootstrap.install_system_libraries(["libegl1", "libxcb-cursor0"])
    command = "sudo apt-get update && sudo apt-get install -y libegl1 libxcb-cursor0"
    assert str(refusal.value).endswith(command)
    assert refusal.value.status == 2


def test_as_root_apt_get_installs_what_is_missing(
    bootstrap: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []

    def watch(command: list[str], environ: dict[str, str]) -> tuple[int, list[str]]:
        assert environ["DEBIAN_FRONTEND"] == "noninteractive"
        commands.append(command)
        return 0, []

    bootstrap.may_install, bootstrap.watch = (lambda: True), watch
    bootstrap.install_system_libraries(["libegl1"])
    assert [("update" in command, "libegl1" in command) for command in commands] == [
        (True, False),
        (False, True),
    ]
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_without_a_display_the_headless_command_is_named(
    bootstrap: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    prepared: list[str] = []
    bootstrap.prepare = prepared.append
    bootstrap.replace_process = lambda command: pytest.fail("Qt would abort")
    assert bootstrap.main(["run"]) == 2
    assert prepared == ["run"]  # so that the command it names is there
    words = capsys.readouterr().err
    assert words.count("\n") == 1
    assert "python -m sslstudio train RECIPE.toml" in words


def test_arguments_and_status_are_passed_on(bootstrap: Any) -> None:
    bootstrap.prepare = lambda purpose: None
    seen: list[list[str]] = []

    def replace(command: list[str]) -> int:
        seen.append(command[1:])
        return 130

    bootstrap.replace_process = replace
    assert bootstrap.main(["run", "train", "a.toml", "--json"]) == 130
    assert bootstrap.main(["doctor", "--json"]) == 130
    assert seen == [
        ["-m", "sslstudio", "train", "a.toml", "--json"],
        ["-m", "sslstudio", "doctor", "--json"],
    ]


def test_an_unknown_verb_shows_how_it_is_used(
    bootstrap: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main(["start"]) == 2
    assert "bootstrap.py run" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_fresh_clone_starts_and_starts_again_at_once(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    command = [sys.executable, str(clone / "packaging" / "bootstrap.py"), "doctor", "--json"]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    first = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    again = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert again.returncode == 0
    assert "Install" not in again.stderr
