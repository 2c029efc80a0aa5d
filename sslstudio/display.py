"""Whether Qt can open a window here, found out before Qt starts.

Qt's ``xcb`` platform aborts the process (status 134) when a system library is missing or the
display does not answer, so the bootstrap, the studio and the doctor ask this module first and
say one sentence instead. It stands beside ``errors``, below everything: standard library only,
no Qt and no torch, and nothing of ours, because ``packaging/bootstrap.py`` loads it by path on a
machine where nothing is installed yet. Costs a few milliseconds: some twenty ``dlopen`` calls and
one connection to the display. Only Linux is looked at; Windows and macOS bring what Qt needs.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

# What the wheels of Qt link to and do not bring, and the Debian package of each. Read off
# `objdump -p` of QtCore, QtGui, QtWidgets, QtDBus and of the platform plugins.
_ALWAYS = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libzstd.so.1": "libzstd1",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libX11.so.6": "libx11-6",
}
_XCB = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
_OF_PLATFORM = {"xcb": _XCB, "wayland": _WAYLAND}


def qt_platforms(environ: Mapping[str, str] | None = None) -> list[str] | None:
    """Return the platform plugins that Qt will try, in its order.

    Args:
        environ: The environment to look at; the process's own by default.

    Returns:
        Names such as ``"xcb"`` or ``"wayland"``; empty where there is no display; ``None`` on
        Windows and macOS, where there is nothing to choose.
    """
    environ = os.environ if environ is None else environ
    if not sys.platform.startswith("linux"):
        return None
    if chosen := environ.get("QT_QPA_PLATFORM", ""):
        return [name.split(":")[0].removesuffix("-egl") for name in chosen.split(";") if name]
    platforms = ["wayland"] if environ.get("WAYLAND_DISPLAY") else []
    return [*platforms, "xcb"] if environ.get("DISPLAY") else platforms


def missing_libraries(platform: str) -> dict[str, str]:
    """Return the system libraries that Qt needs for ``platform`` and this machine lacks.

    Args:
        platform: ``"xcb"``, ``"wayland"``, ``"offscreen"`` or another plugin's name.

    Returns:
        Library file name to Debian package, in the order they are listed above.
    """
    needed = _ALWAYS | _OF_PLATFORM.get(platform, {})
    return {library: package for library, package in needed.items() if not _loads(library)}


def missing_qt_libraries(environ: Mapping[str, str] | None = None) -> list[str]:
    """Return the Debian packages without which Qt would abort in ``environ``.

    Empty when at least one of the platforms that Qt will try has all it needs, as Qt falls back
    from one to the next. Without a display it is what an off-screen start needs.
    """
    platforms = qt_platforms(environ)
    if platforms is None:
        return []
    lacking = [missing_libraries(platform) for platform in platforms or ["offscreen"]]
    return packages_of(min(lacking, key=len))


def packages_of(missing: Mapping[str, str]) -> list[str]:
    """Return the packages of ``missing`` once each, in order."""
    return list(dict.fromkeys(missing.values()))


def installation_command(packages: Iterable[str]) -> str:
    """Return the one command that installs Debian ``packages``, or their like elsewhere."""
    packages = list(packages)
    if shutil.which("apt-get"):
        return f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"
    libraries = _ALWAYS | _XCB | _WAYLAND
    files = [library for library, package in libraries.items() if package in packages]
    for tool in ("dnf", "zypper"):
        if shutil.which(tool):  # both find the package that provides a library by this name
            return f"sudo {tool} install " + " ".join(f"'{name}()(64bit)'" for name in files)
    return "your package manager, for " + ", ".join(files or packages)


def display_problem(
    environ: Mapping[str, str] | None = None, command: str = "sslstudio"
) -> str | None:
    """Say in one sentence why Qt cannot open a window here; ``None`` when it can.

    Args:
        environ: The environment to look at; the process's own by default.
        command: How the user starts the command line, for the remedy.
    """
    environ = os.environ if environ is None else environ
    platforms = qt_platforms(environ)
    if platforms is None:
        return None
    headless = f"train without a window: {command} train RECIPE.toml"
    if not platforms:
        return f"There is no display here (DISPLAY and WAYLAND_DISPLAY are not set); {headless}"
    if missing := missing_qt_libraries(environ):
        return (
            f"Qt cannot open a window without {', '.join(missing)}; install with: "
            f"{installation_command(missing)}"
        )
    if not any(_answers(platform, environ) for platform in platforms):
        names = [environ.get(name, "") for name in ("WAYLAND_DISPLAY", "DISPLAY")]
        name = " or ".join(filter(None, names)) or "that was asked for"
        return f"The display {name} does not answer; log in to a desktop there, or {headless}"
    return None


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _answers(platform: str, environ: Mapping[str, str]) -> bool:
    """Tell whether the server behind ``platform`` accepts a connection."""
    if platform == "wayland":
        folder = environ.get("XDG_RUNTIME_DIR", "")
        return Path(folder, environ.get("WAYLAND_DISPLAY", "wayland-0")).is_socket()
    return _x_server_answers(environ.get("DISPLAY", "")) if platform == "xcb" else True


def _x_server_answers(display: str) -> bool:
    """Connect as Qt will, so that a refused key counts as no answer too."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    refused = bool(xcb.xcb_connection_has_error(connection))
    if refused:
        xcb.xcb_disconnect(connection)
    # An accepted one stays open: a bare X server resets itself when its last client goes, and
    # would refuse Qt, which then aborts, if that came in the same instant.
    return not refused
