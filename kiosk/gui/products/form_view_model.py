"""What the screens with a product form share: one slot a field."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Slot

from kiosk.gui.view_model import ViewModel

V = TypeVar("V")


class FormViewModel(ViewModel[V]):
    """Takes what staff type about a product; a subclass says in `edit` what becomes of it."""

    def edit(self, **fields: str) -> None:
        """Take over fields of a `ProductForm` as typed."""
        raise NotImplementedError

    @Slot(str)
    def setName(self, text: str) -> None:
        self.edit(name=text)

    @Slot(str)
    def setPrice(self, text: str) -> None:
        self.edit(price=text)

    @Slot(str)
    def setCategory(self, text: str) -> None:
        self.edit(category=text)

    @Slot(str)
    def setDescription(self, text: str) -> None:
        self.edit(description=text)

    @Slot(str)
    def setBarcode(self, text: str) -> None:
        self.edit(barcode=text)
