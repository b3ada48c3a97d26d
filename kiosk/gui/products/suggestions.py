"""Pictures proposed for the product that is being edited, to accept or reject."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot

from kiosk.gui.products.proposals import ProposalFolder
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.view_model import ViewModel
from kiosk.gui.widgets.picture_key import PictureKey, PictureKind
from kiosk.shop import Shop


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A proposal by its name in the folder and its key in the picture cache."""

    name: str
    picture: str


@dataclass(frozen=True, slots=True)
class SuggestionsView:
    pictures: tuple[SuggestionRow, ...] = ()


class SuggestionsViewModel(ViewModel[SuggestionsView]):
    accepted = Signal(str)

    def __init__(self, tasks: TaskRunner, shop: Shop, folder: ProposalFolder) -> None:
        super().__init__(SuggestionsView())
        self._tasks = tasks
        self._shop = shop
        self._folder = folder
        self._sku = ""

    def follow(self, sku: str) -> None:
        """Show what is proposed for `sku`, unless it is shown already; empty: nothing."""
        if sku == self._sku:
            return
        self._sku = sku
        if sku:
            self._tasks.run(lambda: self._folder.names(sku), lambda names: self._found(sku, names))
        else:
            self.show(SuggestionsView())

    @Slot(str)
    def accept(self, name: str) -> None:
        sku = self._sku

        def work() -> list[str]:
            picture = self._folder.picture(name)
            if picture is not None:
                self._shop.add_photos(sku, [picture])
            return self._removed(sku, name)

        self._tasks.run(work, lambda names: self._accepted(sku, names))

    @Slot(str)
    def reject(self, name: str) -> None:
        sku = self._sku
        self._tasks.run(lambda: self._removed(sku, name), lambda names: self._found(sku, names))

    def _removed(self, sku: str, name: str) -> list[str]:
        """Remove a proposal; return the names that stay."""
        self._folder.remove(name)
        return self._folder.names(sku)

    def _accepted(self, sku: str, names: list[str]) -> None:
        self._found(sku, names)
        self.accepted.emit(sku)

    def _found(self, sku: str, names: list[str]) -> None:
        if sku == self._sku:
            keys = (PictureKey(PictureKind.PROPOSAL, name) for name in names)
            self.show(SuggestionsView(tuple(SuggestionRow(key.name, str(key)) for key in keys)))
