"""A list model over frozen dataclasses: each field is a role of QML's delegates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, get_type_hints

from PySide6.QtCore import (
    Property,
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

Index = QModelIndex | QPersistentModelIndex
FIRST_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class RowsModel(QAbstractListModel):
    """Rows of one dataclass. A delegate declares the fields and properties it uses, in camelCase:

    `required property string name`. `count` is the number of rows.
    """

    count_changed = Signal()

    def __init__(self, row_type: type) -> None:
        super().__init__()
        self._names = list(shown_types(row_type))
        self._rows: tuple[Any, ...] = ()

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Replace the rows; those in place are updated, so that a list does not jump."""
        fresh = tuple(rows)
        if fresh == self._rows:
            return
        before = self._rows
        shared = min(len(fresh), len(before))
        self._resize(fresh)
        self._rows = fresh
        for row in range(shared):
            if fresh[row] != before[row]:
                self.dataChanged.emit(self.index(row), self.index(row))
        if len(fresh) != len(before):
            self.count_changed.emit()

    def _resize(self, fresh: tuple[Any, ...]) -> None:
        had, have = len(self._rows), len(fresh)
        if have > had:
            self.beginInsertRows(QModelIndex(), had, have - 1)
            self._rows = self._rows + fresh[had:]
            self.endInsertRows()
        elif have < had:
            self.beginRemoveRows(QModelIndex(), have, had - 1)
            self._rows = self._rows[:have]
            self.endRemoveRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        column = role - FIRST_ROLE
        if not (0 <= index.row() < len(self._rows) and 0 <= column < len(self._names)):
            return None
        return to_variant(getattr(self._rows[index.row()], self._names[column]))

    def roleNames(self) -> dict[int, QByteArray]:
        return {
            FIRST_ROLE + at: QByteArray(camel_case(name).encode())
            for at, name in enumerate(self._names)
        }

    count = Property(int, lambda self: len(self._rows), notify=count_changed)


def shown_types(shown: type) -> dict[str, Any]:
    """The types of what QML sees of a dataclass: its fields, then its properties."""
    derived = {n: get_type_hints(p.fget) for n, p in vars(shown).items() if isinstance(p, property)}
    return get_type_hints(shown) | {name: hints["return"] for name, hints in derived.items()}


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
