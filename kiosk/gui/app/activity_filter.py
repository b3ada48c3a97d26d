"""Sees every touch and key of the window: activity, scanners that type, and ways out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from kiosk.gui.app.scanner_keys import ScannerKeys

_ACTIVITY = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.KeyPress,
    QEvent.Type.Wheel,
}
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_WAYS_OUT = {Qt.Key.Key_Escape, Qt.Key.Key_F4, Qt.Key.Key_F11, Qt.Key.Key_Q, Qt.Key.Key_W}


class ActivityFilter(QObject):
    """An event filter. `is_shut()` tells whether there is no way out but the PIN.

    `on_code` gets what a barcode scanner types while `is_listening()`.
    """

    def __init__(
        self,
        on_activity: Callable[[], None],
        is_shut: Callable[[], bool],
        on_code: Callable[[str], None],
        is_listening: Callable[[], bool],
    ) -> None:
        super().__init__()
        self._on_code = on_code
        self._is_listening = is_listening
        self._scanner = ScannerKeys()
        self._on_activity = on_activity
        self._is_shut = is_shut

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        kind = event.type()
        if kind in _ACTIVITY:
            self._on_activity()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._ends_code(event):
            return True
        if not self._is_shut():
            return False
        if kind == QEvent.Type.Close:
            event.ignore()
            return True
        return (
            isinstance(event, QKeyEvent)
            and kind in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
            and is_way_out(event)
        )

    def _ends_code(self, event: QKeyEvent) -> bool:
        if not self._is_listening():
            return False
        if event.key() not in _ENTER:
            self._scanner.press(event.text())
            return False
        code = self._scanner.enter()
        if code:
            self._on_code(code)
        return code != ""


def is_way_out(event: QKeyEvent) -> bool:
    """Escape and F11, and the usual combinations with Alt, Ctrl or Meta that close windows."""
    if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F11):
        return True
    held = event.modifiers() & (
        Qt.KeyboardModifier.AltModifier
        | Qt.KeyboardModifier.ControlModifier
        | Qt.KeyboardModifier.MetaModifier
    )
    return bool(held) and event.key() in _WAYS_OUT
