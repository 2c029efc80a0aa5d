"""What every page of the studio is: a widget with a title, a mark for the rail, and a banner.

A page gets the workspace and the background threads in its constructor, puts its content into
``self.body``, and keeps quiet while it is hidden: ``shown`` and ``hidden`` tell it.
"""

from __future__ import annotations

import dataclasses
import sys
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sslstudio.errors import SSLStudioError
from sslstudio.studio import theme
from sslstudio.studio.background import Background
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.banner import Banner
from sslstudio.studio.workspace import Workspace


@dataclasses.dataclass(frozen=True)
class PaneStatus:
    """The mark beside a stage: "" (none), "ready", "attention" with its reason, or "running"."""

    mark: str = ""
    reason: str = ""


class Pane(QWidget):
    """Base class of the pages. ``status_changed`` carries a :class:`PaneStatus`."""

    key: ClassVar[str] = ""  # "corpora", as the rail and page_requested name it
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""  # of the mdi6 set, without the prefix

    status_changed = Signal(object)

    def __init__(
        self, workspace: Workspace, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.background = background
        self.status = PaneStatus()
        self.is_shown = False
        self.setAccessibleName(self.title)
        self.banner = Banner(self)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(theme.GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.banner)
        column.addLayout(self.body, 1)

    def set_status(self, mark: str, reason: str = "") -> None:
        """Change the mark in the rail."""
        assert mark in ("", "ready", "attention", "running"), mark
        status = PaneStatus(mark, reason)
        if status != self.status:
            self.status = status
            self.status_changed.emit(status)

    def show_error(self, error: BaseException) -> None:
        """Show what went wrong: the user's faults as their sentence, ours also in the log."""
        if isinstance(error, SSLStudioError):
            text = str(error)
            text = text[:1].upper() + text[1:]
            self.banner.tell(text)
            self.workspace.say(text, "error")
        else:
            sys.excepthook(type(error), error, error.__traceback__)

    def shown(self) -> None:
        """Called when the page comes into sight; extend it to begin live work."""

    def hidden(self) -> None:
        """Called when the page is out of sight; extend it to end live work."""

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Tell the page that it is in sight."""
        super().showEvent(event)
        if not self.is_shown:
            self.is_shown = True
            self.shown()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Tell the page that it is out of sight."""
        super().hideEvent(event)
        if self.is_shown:
            self.is_shown = False
            self.hidden()
