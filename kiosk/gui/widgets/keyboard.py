"""What the on-screen keyboard asks of Python."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from kiosk.gui.widgets import telex


class Keyboard(QObject):
    """Composes letters for QML."""

    @Slot(str, str, result=str)
    def telex(self, before: str, key: str) -> str:
        return telex.telex(before, key)

    @Slot(str, result=str)
    def erased(self, before: str) -> str:
        return telex.erased(before)
