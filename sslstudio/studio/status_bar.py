"""The thin line below every page: device, memory, speed, and the last message.

A click on the message opens the log. Asks the system for its memory every two seconds.
"""

from __future__ import annotations

from typing import Any

import psutil
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from sslstudio.events import StepEvent
from sslstudio.studio import sentences, theme
from sslstudio.studio.guard import guarded
from sslstudio.studio.workspace import Workspace

REFRESH_MS = 2000


class StatusBar(QWidget):
    """``log_wanted`` is emitted by a click on the message."""

    log_wanted = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self._message = ""
        self._run_memory = 0
        self.facts = QLabel()
        self.facts.setToolTip(
            "Device of the next or running training, memory in use on it, and tokens read a second"
        )
        theme.mark(self.facts, "caption")
        self.message = QPushButton()
        self.message.setAccessibleName("Last message")
        self.message.setToolTip("Open the log (Ctrl+L)")
        self.message.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.message.setMinimumWidth(80)
        self.message.clicked.connect(self.log_wanted)
        theme.mark(self.message, "status")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.facts)
        row.addSpacing(theme.MARGIN)
        row.addWidget(self.message, 1)
        self.setFixedHeight(28)
        workspace.said.connect(self._on_said)
        workspace.training.events_arrived.connect(self._on_events)
        workspace.training.state_changed.connect(self._refresh)
        workspace.device_changed.connect(self._refresh)
        workspace.engine_ready.connect(self._refresh)
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._timer.start()
        self._refresh()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the message to the room there is."""
        super().resizeEvent(event)
        self._elide()

    @Slot(str, str)
    def _on_said(self, text: str, _level: str) -> None:
        self._message = text
        self.message.setAccessibleDescription(text)
        self._elide()

    @Slot(object)
    def _on_events(self, events: Any) -> None:
        for event in events:
            if isinstance(event, StepEvent):
                self._run_memory = event.memory_bytes

    @Slot()
    def _refresh(self, _anything: object = None) -> None:
        parts = [self._device_name(), self._memory()]
        live = self.workspace.training
        if live.state == "training" and live.tokens_per_second:
            parts.append(f"{live.tokens_per_second:,.0f} tokens/s")
        self.facts.setText("  ·  ".join(parts))

    def _device_name(self) -> str:
        engine, chosen = self.workspace.engine, self.workspace.device
        if engine is None or not engine.devices:
            return "Loading the engine…" if chosen == "auto" else chosen
        found = [d for d in engine.devices if d.name == chosen] or list(engine.devices)
        return found[0].title

    def _memory(self) -> str:
        engine, chosen = self.workspace.engine, self.workspace.device
        if engine is not None and engine.devices:
            found = [d for d in engine.devices if d.name == chosen] or list(engine.devices)
            if found[0].name.startswith("cuda"):
                total = found[0].memory_bytes
                return f"Memory {self._run_memory / 1e9:.1f} of {sentences.size(total)}"
        memory = psutil.virtual_memory()
        used = memory.total - memory.available
        return f"Memory {used / 1e9:.1f} of {sentences.size(memory.total)}"

    def _elide(self) -> None:
        room = self.message.width() - 16
        metrics = self.message.fontMetrics()
        self.message.setText(metrics.elidedText(self._message, Qt.TextElideMode.ElideRight, room))
