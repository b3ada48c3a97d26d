"""Sees every touch and key of the window: keeps the session alive, and keeps kiosks shut."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

_ACTIVITY = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.KeyPress,
    QEvent.Type.Wheel,
}
_WAYS_OUT = {Qt.Key.Key_Escape, Qt.Key.Key_F4, Qt.Key.Key_F11, Qt.Key.Key_Q, Qt.Key.Key_W}


class ActivityFilter(QObject):
    """An event filter. `is_shut()` tells whether there is no way out but the PIN."""

    def __init__(self, on_activity: Callable[[], None], is_shut: Callable[[], bool]) -> None:
        super().__init__()
        self._on_activity = on_activity
        self._is_shut = is_shut

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        kind = event.type()
        if kind in _ACTIVITY:
            self._on_activity()
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
