"""The products screen: find, edit, retire, delete with undo, photos, look-alikes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal, Slot

from kiosk.domain import Product
from kiosk.errors import KnownError
from kiosk.gui.product_view import ProductView
from kiosk.gui.products.form import check_form, form_of, product_of
from kiosk.gui.products.form_view_model import FormViewModel
from kiosk.gui.products.state import CorrectionRow, PairRow, ProductsView, with_form, without_form
from kiosk.gui.products.work import OpenedProduct, find_confusions, list_products, open_product
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.widgets.picture_cache import PictureCache
from kiosk.gui.widgets.picture_key import PictureKey, PictureKind
from kiosk.shop import Shop

UNDO_MS = 10_000  # chosen by eye, as the two below
SAVED_MS = 2500
PAUSE_MS = 220


class ProductsViewModel(FormViewModel[ProductsView]):
    """Every change is stored and in the index when the screen says so."""

    photograph_asked = Signal(str)

    def __init__(
        self, tasks: TaskRunner, slow_tasks: TaskRunner, shop: Shop, pictures: PictureCache
    ) -> None:
        super().__init__(ProductsView())
        self._tasks = tasks
        self._slow_tasks = slow_tasks
        self._shop = shop
        self._pictures = pictures
        self._selected: Product | None = None
        self._deleted: Product | None = None
        self._asked = 0
        self._pause = self._make_timer(PAUSE_MS, self.refresh)
        self._undo = self._make_timer(UNDO_MS, self._end_undo)
        self._saved_note = self._make_timer(SAVED_MS, lambda: self._change(saved=False))

    @property
    def selected_sku(self) -> str:
        return self._selected.sku if self._selected else ""

    def open(self) -> None:
        self.refresh()

    def close(self) -> None:
        self._selected = None
        self.show(ProductsView(undo_name=self.view.undo_name))

    @Slot()
    def refresh(self) -> None:
        self._pause.stop()
        self._asked += 1
        asked, query = self._asked, self.view.query.strip()
        self._tasks.run(
            lambda: list_products(self._shop, query),
            lambda found: self._listed(asked, *found),
            self._fail,
        )

    @Slot(str)
    def setQuery(self, query: str) -> None:
        self._change(query=query)
        self._pause.start()

    @Slot(str)
    def select(self, sku: str) -> None:
        self._tasks.run(lambda: open_product(self._shop, sku), self._opened, self._fail)

    @Slot()
    def deselect(self) -> None:
        self._selected = None
        self.show(without_form(self.view))

    def edit(self, **fields: str) -> None:
        """Take over fields of the selected product's form; its SKU stays."""
        if self._selected is not None:
            form = replace(self.view.form, **fields)
            self.show(with_form(self.view, self._selected, form))

    @Slot()
    def save(self) -> None:
        before, form = self._selected, self.view.form
        if before is None:
            return
        problems = check_form(form, before.price.currency)
        self._change(problems=problems, fault="")
        if problems.any:
            return
        product = product_of(form, before.price.currency, before)
        self._tasks.run(lambda: self._shop.save_product(product), self._product_saved, self._fail)

    @Slot()
    def retire(self) -> None:
        self._alter(self._shop.retire)

    @Slot()
    def restore(self) -> None:
        self._alter(self._shop.restore)

    @Slot()
    def remove(self) -> None:
        """Delete the selected product; it can be brought back for ten seconds here."""
        product = self._selected
        if product is not None:
            self._tasks.run(
                lambda: self._shop.delete(product.sku), lambda _: self._removed(product), self._fail
            )

    @Slot()
    def undoRemove(self) -> None:
        product = self._deleted
        if product is None:
            return
        self._end_undo()
        self._tasks.run(
            lambda: self._shop.undo_delete(product.sku),
            lambda _: self._brought_back(product.sku),
            self._fail,
        )

    @Slot(str)
    def removePhoto(self, sha256: str) -> None:
        self._alter(lambda sku: self._shop.remove_photo(sku, sha256), photos=True)

    @Slot(str)
    def setCover(self, sha256: str) -> None:
        self._alter(lambda sku: self._shop.set_cover(sku, sha256), photos=True)

    @Slot()
    def photograph(self) -> None:
        if self._selected is not None:
            self.photograph_asked.emit(self._selected.sku)

    @Slot(bool)
    def showPairs(self, on: bool) -> None:
        self.deselect()
        self._change(pairs_shown=on)
        if on:
            self._change(pairs_known=False)
            self._slow_tasks.run(
                lambda: find_confusions(self._shop),
                lambda found: self._confused(*found),
                self._fail,
            )

    def _opened(self, opened: OpenedProduct) -> None:
        self._selected = opened.product
        view = replace(self.view, photos=opened.photos, pairs_shown=False, fault="")
        self.show(with_form(view, opened.product, form_of(opened.product)))

    def _alter(self, change: Callable[[str], object], *, photos: bool = False) -> None:
        sku = self.selected_sku
        if not sku:
            return

        def work() -> OpenedProduct:
            change(sku)
            return open_product(self._shop, sku)

        self._tasks.run(work, lambda opened: self._altered(opened, photos), self._fail)

    def _altered(self, opened: OpenedProduct, photos: bool) -> None:
        self._opened(opened)
        if photos:
            self._pictures.forget(PictureKey(PictureKind.PRODUCT, opened.product.sku))
        self.refresh()

    def _product_saved(self, product: Product) -> None:
        self._selected = product
        self.show(replace(with_form(self.view, product, form_of(product)), saved=True))
        self._saved_note.start()
        self.refresh()

    def _removed(self, product: Product) -> None:
        self._deleted = product
        self.deselect()
        self._change(undo_name=product.name)
        self._undo.start()
        self.refresh()

    def _brought_back(self, sku: str) -> None:
        self.refresh()
        self.select(sku)

    def _confused(self, pairs: tuple[PairRow, ...], corrections: tuple[CorrectionRow, ...]) -> None:
        self._change(pairs=pairs, corrections=corrections, pairs_known=True)

    def _listed(self, asked: int, rows: tuple[ProductView, ...], total: int) -> None:
        if asked == self._asked:
            self._change(rows=rows, total=total)

    @Slot()
    def _end_undo(self) -> None:
        self._undo.stop()
        self._deleted = None
        self._change(undo_name="")

    def _fail(self, error: KnownError) -> None:
        self._change(fault=str(error))
