"""No override of a Qt virtual method goes without @guarded (hazards no. 2)."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import sys
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QWidget

import sslstudio.studio
from sslstudio.studio.guard import guarded


def studio_modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(sslstudio.studio.__path__, "sslstudio.studio.")
    return [importlib.import_module(m.name) for m in found]


def overrides_without_guard(module: ModuleType, source: str = "") -> list[str]:
    """Methods of the module's classes that a Qt base also has, and that are not guarded."""
    tree = ast.parse(source or inspect.getsource(module))
    missing = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef) or not hasattr(module, node.name):
            continue
        cls = getattr(module, node.name)
        qt_bases = [
            b for b in cls.__mro__ if b.__module__.split(".")[0] in ("PySide6", "pyqtgraph")
        ]
        for method in node.body:
            if not isinstance(method, ast.FunctionDef) or method.name.startswith("__"):
                continue
            overrides = any(method.name in vars(b) for b in qt_bases)
            if overrides and not any("guarded" in ast.dump(d) for d in method.decorator_list):
                missing.append(f"{module.__name__}.{node.name}.{method.name}")
    return missing


def test_every_override_of_a_qt_method_is_guarded(qapp: QApplication) -> None:
    missing = [name for module in studio_modules() for name in overrides_without_guard(module)]
    assert missing == []


def test_the_search_sees_an_override_without_guard() -> None:
    module = ModuleType("example")
    source = "class W(QWidget):\n    def paintEvent(self, event): pass\n"
    vars(module)["W"] = type("W", (QWidget,), {})
    assert overrides_without_guard(module, source) == ["example.W.paintEvent"]


def test_an_exception_is_reported_and_qt_gets_the_fallback(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: seen.append(error))

    class Broken(QWidget):
        @guarded(fallback=QSize(30, 20))
        def sizeHint(self) -> QSize:
            return QSize(int("x"), 0)

        @guarded(fallback=False)
        def event(self, event: QEvent) -> bool:
            return bool([][0])

    widget = Broken()
    assert widget.sizeHint() == QSize(30, 20)
    QApplication.sendEvent(widget, QEvent(QEvent.Type.User))
    assert [type(e) for e in seen[:2]] == [ValueError, IndexError]
