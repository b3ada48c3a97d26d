"""Pictures proposed for the product that is being edited, to accept or reject."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot

from kiosk.gui.products.proposals import ProposalFolder
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.variant_view_model import VariantViewModel as ViewModel
from kiosk.shop import Shop

PREFIX = "proposal/"


@dataclass(frozen=True, slots=True)
class SuggestionsView:
    """Keys of the picture cache."""

    pictures: tuple[str, ...] = ()


class SuggestionsViewModel(ViewModel):
    accepted = Signal(str)

    def __init__(self, tasks: TaskRunner, shop: Shop, folder: ProposalFolder) -> None:
        super().__init__()
        self._tasks = tasks
        self._shop = shop
        self._folder = folder
        self._sku = ""
        self.show(SuggestionsView())

    def open(self, sku: str) -> None:
        """Show what is proposed for `sku`; empty: nothing."""
        self._sku = sku
        if sku:
            self._tasks.run(lambda: self._folder.names(sku), lambda names: self._found(sku, names))
        else:
            self.show(SuggestionsView())

    def follow(self, sku: str) -> None:
        """As `open`, but nothing happens for the product that is shown already."""
        if sku != self._sku:
            self.open(sku)

    @Slot(str)
    def accept(self, key: str) -> None:
        sku, name = self._sku, key.removeprefix(PREFIX)

        def work() -> list[str]:
            picture = self._folder.picture(name)
            if picture is not None:
                self._shop.add_photos(sku, [picture])
            self._folder.remove(name)
            return self._folder.names(sku)

        self._tasks.run(work, lambda names: self._accepted(sku, names))

    @Slot(str)
    def reject(self, key: str) -> None:
        sku, name = self._sku, key.removeprefix(PREFIX)

        def work() -> list[str]:
            self._folder.remove(name)
            return self._folder.names(sku)

        self._tasks.run(work, lambda names: self._found(sku, names))

    def _accepted(self, sku: str, names: list[str]) -> None:
        self._found(sku, names)
        self.accepted.emit(sku)

    def _found(self, sku: str, names: list[str]) -> None:
        if sku == self._sku:
            self.show(SuggestionsView(tuple(PREFIX + name for name in names)))
