"""The base of the view models: one frozen snapshot, shown to QML as `view`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from PySide6.QtCore import Property, QObject, Signal


class ViewModel(QObject):
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


def to_variant(value: object) -> Any:
    """Plain dicts, lists, strings and numbers for QML; field names in camelCase."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {
            camel_case(field.name): to_variant(getattr(value, field.name))
            for field in fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): to_variant(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_variant(item) for item in value]
    return value


@lru_cache(maxsize=512)
def camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
