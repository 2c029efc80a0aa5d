#!/usr/bin/env python3
"""SSL Studio from a fresh checkout, with nothing but Python 3.11+ and git.

    python3 packaging/bootstrap.py run [ARGUMENTS ...]    set up .venv and open the studio
    python3 packaging/bootstrap.py test [ARGUMENTS ...]   set up .venv and run every check
    python3 packaging/bootstrap.py doctor [--json]        what this machine has and lacks

The arguments of `run` go to the studio and those of `test` to pytest. The first start installs
the versions of packaging/requirements.lock into .venv; later starts see by a stamp in there that
nothing is to be done (milliseconds). An install that was cut off is redone at the next start.

Standard library only. It knows the machine (Python, pip, apt-get), not what it installs: which
libraries Qt needs is in sslstudio/display.py, what is checked in packaging/checks.py. The file
has to parse on any Python 3, so that an old one gets a sentence and not a syntax error.
"""

import collections
import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import types
from collections.abc import Iterator
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"run": ["requirements.lock"], "test": ["requirements.lock", "requirements-test.lock"]}
INSTALLING = "installing"  # stands in .venv for as long as pip is at work there
STAMP = "installed.json"


def python_problem(version: "tuple[int, ...]") -> "str | None":
    """Say in one sentence why this Python will not do; None when it will."""
    if tuple(version[:2]) >= OLDEST:
        return None
    newer = [name for name in ("python3.13", "python3.12", "python3.11") if shutil.which(name)]
    remedy = f"start this file with {newer[0]}" if newer else "install a newer one"
    this = f"{version[0]}.{version[1]}"
    return f"SSL Studio needs Python 3.11 or newer and this is {this}: {remedy}."


_problem = python_problem(sys.version_info[:2])
if _problem:
    sys.stderr.write(_problem + "\n")
    sys.exit(2)


class Refusal(Exception):  # noqa: N818 - it is what the user is told, not a fault of ours
    """What keeps the studio from starting, in one sentence with the remedy."""

    def __init__(self, sentence: str, status: int = 2) -> None:
        super().__init__(sentence)
        self.status = status


def main(arguments: list[str]) -> int:
    """Do what the command line asks and return the exit status."""
    verb = arguments[0] if arguments else ""
    try:
        if verb == "run":
            return run(arguments[1:])
        if verb == "doctor":
            return run(arguments)
        if verb == "test":
            return test(arguments[1:])
    except Refusal as refusal:
        say(str(refusal))
        return refusal.status
    except KeyboardInterrupt:
        say("Stopped. The next start takes up from here.")
        return 130
    asked = verb in ("-h", "--help")
    print(__doc__, file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2


def run(arguments: list[str]) -> int:
    """Open the studio, or pass a verb of the command line on to it."""
    display = load_display() if wants_window(arguments) else None
    if display and display.qt_platforms() != []:
        making = [] if (ROOT / ".venv").exists() else missing_for_venv()
        install_system_libraries(display.missing_qt_libraries() + making)
    prepare("run")  # without a display too: what the sentence below names has to be there
    python = str(venv_python(ROOT / ".venv"))
    if display:
        shown = os.path.relpath(python) if Path.cwd() in Path(python).parents else python
        problem = display.display_problem(command=f"{shown} -m sslstudio")
        if problem:
            raise Refusal(f"{problem}.")
    return replace_process([python, "-m", "sslstudio", *arguments])


def test(arguments: list[str]) -> int:
    """Run every check of packaging/checks.py, pytest last, and fail if one fails."""
    display = load_display()
    if sys.platform.startswith("linux"):
        missing = display.packages_of(display.missing_libraries("xcb"))
        missing += [] if shutil.which("Xvfb") else ["xvfb"]
        if not may_install():  # without a virtual screen the tests run off-screen: less is needed
            missing = display.packages_of(display.missing_libraries("offscreen"))
        install_system_libraries(missing)
    prepare("test")
    python = str(venv_python(ROOT / ".venv"))
    return replace_process([python, str(ROOT / "packaging" / "checks.py"), *arguments])


def wants_window(arguments: list[str]) -> bool:
    """Tell whether the studio would open: no arguments, or a recipe, or a run folder."""
    if not arguments:
        return True
    return arguments[0].endswith(".toml") or Path(arguments[0]).exists()


def load_display() -> types.ModuleType:
    """Load sslstudio/display.py by its path, since nothing is installed yet."""
    spec = importlib.util.spec_from_file_location("display", ROOT / "sslstudio" / "display.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- the virtual environment ------------------------------------------------------------------


def prepare(purpose: str, root: Path = ROOT) -> None:
    """Make .venv fit ``purpose`` ("run" or "test"); nothing is done when its stamp says so."""
    if is_ready(purpose, root):
        return
    with only_one_at_a_time(root):
        if is_ready(purpose, root):  # another start has just done it
            return
        began = time.monotonic()
        venv = root / ".venv"
        stamps = read_stamps(venv)
        if must_be_made_anew(venv):
            stamps = {}
            make_venv(venv)
        install(purpose, root)
        fits = [purpose, "run"]  # what the tests need holds what the studio needs
        write_stamps(venv, stamps | {name: fingerprint(name, root) for name in fits})
        say(f"Installed in {time.monotonic() - began:.0f} s.")


def is_ready(purpose: str, root: Path) -> bool:
    """Tell in well under a millisecond whether .venv holds what ``purpose`` needs."""
    venv = root / ".venv"
    if (venv / INSTALLING).exists() or not venv_python(venv).exists():
        return False
    return read_stamps(venv).get(purpose) == fingerprint(purpose, root)


def fingerprint(purpose: str, root: Path, version: tuple[int, ...] = sys.version_info[:2]) -> str:
    """Hash all that decides what .venv should hold, its own place included: it cannot be moved."""
    digest = hashlib.sha256(repr((version, str(root))).encode())
    for name in LOCKS[purpose]:
        digest.update((root / "packaging" / name).read_bytes())
    digest.update((root / "pyproject.toml").read_bytes())
    return digest.hexdigest()


def read_stamps(venv: Path) -> dict[str, str]:
    """Return what was installed into ``venv``, by purpose; empty when nothing is known."""
    try:
        stamps = json.loads((venv / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def write_stamps(venv: Path, stamps: dict[str, str]) -> None:
    """Note what was installed, so that a kill leaves the old note or the new one."""
    temporary = venv / (STAMP + ".new")
    temporary.write_text(json.dumps(stamps), "utf-8")
    temporary.replace(venv / STAMP)


def must_be_made_anew(venv: Path) -> bool:
    """Tell whether .venv is absent, torn by a kill, or of another Python."""
    if not venv.exists():
        return True
    if not (venv / "pyvenv.cfg").exists() and any(venv.iterdir()):
        raise Refusal(f"{venv} is not a virtual environment: move it away and start again.")
    if (venv / INSTALLING).exists():
        say("The last install was cut off: starting it afresh.")
        return True
    probe = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [str(venv_python(venv)), "-c", probe], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        return True
    return answer != "{}.{}".format(*sys.version_info[:2])


def missing_for_venv() -> list[str]:
    """Return the package in which Debian keeps what makes virtual environments, if it lacks."""
    if importlib.util.find_spec("ensurepip") is not None:
        return []
    return ["python{}.{}-venv".format(*sys.version_info[:2])]


def make_venv(venv: Path) -> None:
    """Create an empty virtual environment, in place of what stood there."""
    say(f"Setting up {venv.name} with Python {sys.version.split()[0]}.")
    install_system_libraries(missing_for_venv())
    venv.mkdir(exist_ok=True)
    (venv / "pyvenv.cfg").touch()  # so that what a kill leaves here is known to be ours
    status, tail = watch([sys.executable, "-m", "venv", "--clear", str(venv)])
    if status:
        show(tail)
        raise Refusal("Python could not make a virtual environment: its words are above.", 1)


def install(purpose: str, root: Path) -> None:
    """Install the locked versions, then the project itself, editable."""
    venv = root / ".venv"
    pip = [str(venv_python(venv)), "-m", "pip", "install", "--no-input"]
    locks = [f"--requirement={root / 'packaging' / name}" for name in LOCKS[purpose]]
    say("Installing the libraries. The first time this downloads a good deal and takes minutes.")
    (venv / INSTALLING).touch()
    (venv / STAMP).unlink(missing_ok=True)
    for arguments in (locks, ["--no-deps", "--no-build-isolation", "--editable", str(root)]):
        status, tail = watch(pip + arguments)
        if status > 0:  # pip ended by itself, and it takes back what it had begun
            (venv / INSTALLING).unlink()
        if status:
            show(tail)
            raise Refusal(pip_problem(tail), 1)
    (venv / INSTALLING).unlink()


def pip_problem(tail: list[str]) -> str:
    """Say in one sentence what pip's last lines mean, and what to do."""
    words = "\n".join(tail)
    if "No space left" in words:
        return "The disk is full: make room (with CUDA, PyTorch takes 8 GB) and start again."
    signs = ("Max retries", "ConnectionError", "NewConnectionError", "Timeout", "ProxyError")
    if any(sign in words for sign in (*signs, "timed out", "name resolution", "from versions: no")):
        return "pip could not reach its package index: check the network and start again."
    return "pip could not install the locked versions: mend what it says above and start again."


def venv_python(venv: Path) -> Path:
    """Return where the Python of ``venv`` stands on this system."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


# --- the system -------------------------------------------------------------------------------


def may_install() -> bool:
    """Tell whether system packages can be installed without asking: root, with apt-get."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_system_libraries(packages: list[str]) -> None:
    """Install ``packages`` with apt-get where that may be done, or name the command that does."""
    if not packages:
        return
    command = load_display().installation_command(packages)
    if not may_install():
        raise Refusal(f"Some system libraries are missing; install them and start again: {command}")
    say(f"Installing with apt-get: {' '.join(packages)}")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    watch([*apt, "update"], environ)  # an old list may still do
    status, tail = watch([*apt, "install", "--yes", "--no-install-recommends", *packages], environ)
    if status:
        show(tail)
        raise Refusal(f"apt-get failed; mend what it says and start again, or try: {command}", 1)


def watch(command: list[str], environ: "dict[str, str] | None" = None) -> "tuple[int, list[str]]":
    """Run ``command``; a terminal shows its newest line. Return its status and last lines."""
    tail: collections.deque[str] = collections.deque(maxlen=12)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**(environ or os.environ), "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0"},
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            tail.append(line.rstrip())
            if sys.stderr.isatty():
                width = shutil.get_terminal_size().columns - 1
                sys.stderr.write("\r" + line.strip()[:width].ljust(width))
                sys.stderr.flush()
    if tail and sys.stderr.isatty():
        sys.stderr.write("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r")
    return process.returncode, list(tail)


@contextlib.contextmanager
def only_one_at_a_time(root: Path) -> Iterator[None]:
    """Hold the project file while installing, so that two starts do not tear one .venv."""
    with (root / "pyproject.toml").open("rb") as handle:
        try:
            import fcntl
        except ImportError:  # Windows has no lock that leaves the file readable
            yield
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another install of this folder to end.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def replace_process(command: list[str]) -> int:
    """Become ``command``, or on Windows, where that would let go of the console, wait for it."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    process = subprocess.Popen(command)
    with contextlib.suppress(KeyboardInterrupt):  # the child has heard it too, and may be saving
        return process.wait()
    return process.wait()


def say(sentence: str) -> None:
    """Tell the person at the terminal; standard output belongs to the studio."""
    print(sentence, file=sys.stderr, flush=True)


def show(tail: list[str]) -> None:
    """Repeat the last lines of a command that failed."""
    say("\n".join("    " + line for line in tail))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
