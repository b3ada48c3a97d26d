"""A list model over frozen dataclasses: each field is a role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from PySide6.QtCore import QAbstractListModel, QByteArray, QModelIndex, QPersistentModelIndex, Qt

from kiosk.gui.view_model import camel_case, to_variant

Index = QModelIndex | QPersistentModelIndex
FIRST_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class RowsModel(QAbstractListModel):
    """Rows of one dataclass. In QML a delegate's `row` is the whole row as an object."""

    def __init__(self, row_type: type) -> None:
        super().__init__()
        self._names = [field.name for field in fields(row_type)]
        self._rows: tuple[Any, ...] = ()

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Replace the rows; those in place are updated, so that a list does not jump."""
        fresh = tuple(rows)
        if fresh == self._rows:
            return
        shared = min(len(fresh), len(self._rows))
        self._resize(fresh)
        changed = [row for row in range(shared) if fresh[row] != self._rows[row]]
        self._rows = fresh
        for row in changed:
            self.dataChanged.emit(self.index(row), self.index(row))

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
        if not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == FIRST_ROLE:
            return to_variant(row)
        at = role - FIRST_ROLE - 1
        return to_variant(getattr(row, self._names[at])) if 0 <= at < len(self._names) else None

    def roleNames(self) -> dict[int, QByteArray]:
        names = ["row", *map(camel_case, self._names)]
        return {FIRST_ROLE + at: QByteArray(name.encode()) for at, name in enumerate(names)}
