"""The view models that show one snapshot to QML as `view`; going."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal

from kiosk.gui.rows_model import to_variant


class VariantViewModel(QObject):
    """Holds what a pure `derive` function made, and tells QML when it has changed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._view: object = None
        self._variant: object = {}

    def show(self, view: object) -> None:
        """Make `view`, a frozen dataclass, what QML sees; nothing happens if it is equal."""
        if view != self._view:
            self._view = view
            self._variant = to_variant(view)
            self.changed.emit()

    def _get_view(self) -> object:
        return self._variant

    view = Property("QVariant", _get_view, notify=changed)  # type: ignore[arg-type]
