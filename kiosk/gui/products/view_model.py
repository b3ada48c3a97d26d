"""The products screen: find, edit, retire, delete with undo, photos, look-alikes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from kiosk.domain import Photo, Product
from kiosk.errors import KnownError
from kiosk.gui.app.shop_access import products_of
from kiosk.gui.products.form import FormProblems, ProductForm, check_form, form_of, product_of
from kiosk.gui.products.state import (
    Correction,
    ListedProduct,
    Pair,
    ProductsState,
    derive_products,
    list_products,
)
from kiosk.gui.rows_model import RowsModel
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.variant_view_model import VariantViewModel as ViewModel
from kiosk.gui.widgets.picture_cache import PictureCache
from kiosk.shop import Shop

LISTED = 200
PAIRS = 8
CORRECTIONS = 5
UNDO_MS = 10_000
SAVED_MS = 2500
PAUSE_MS = 220


@dataclass(frozen=True, slots=True)
class _Opened:
    product: Product
    photos: tuple[Photo, ...]


class ProductsViewModel(ViewModel):
    """Every change is stored and in the index when the screen says so."""

    photograph_asked = Signal(str)

    def __init__(
        self, tasks: TaskRunner, slow: TaskRunner, shop: Shop, pictures: PictureCache
    ) -> None:
        super().__init__()
        self._tasks = tasks
        self._slow = slow
        self._shop = shop
        self._pictures = pictures
        self._currency = shop.settings.currency
        self._state = ProductsState()
        self._asked = 0
        self._rows = RowsModel(ListedProduct)
        self._pause = self._timer(PAUSE_MS, self.refresh)
        self._undo = self._timer(UNDO_MS, self._end_undo)
        self._saved_note = self._timer(SAVED_MS, self._end_saved)
        self._derive()

    def _timer(self, interval_ms: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(call)
        return timer

    def _get_rows(self) -> QObject:
        return self._rows

    rows = Property(QObject, _get_rows, constant=True)

    @property
    def selected_sku(self) -> str:
        return self._state.selected.sku if self._state.selected else ""

    def open(self) -> None:
        self.refresh()

    def close(self) -> None:
        self._state = ProductsState(undo=self._state.undo)
        self._derive()

    @Slot()
    def refresh(self) -> None:
        self._pause.stop()
        self._asked += 1
        asked, query = self._asked, self._state.query.strip()
        active = None if self._state.with_retired else True
        store = self._shop.store
        self._tasks.run(
            lambda: (
                store.products(query=query, active=active, limit=LISTED),
                store.counts().products,
            ),
            lambda answer: self._listed(asked, answer),
            self._fail,
        )

    @Slot(str)
    def setQuery(self, query: str) -> None:
        self._change(query=query)
        self._pause.start()

    @Slot(bool)
    def setWithRetired(self, on: bool) -> None:
        self._change(with_retired=on)
        self.refresh()

    @Slot(str)
    def select(self, sku: str) -> None:
        self._tasks.run(lambda: self._open(sku), self._opened, self._fail)

    @Slot()
    def deselect(self) -> None:
        self._change(selected=None, form=ProductForm(), photos=(), fault="", saved=False)

    @Slot(str, str)
    def setField(self, name: str, text: str) -> None:
        if name in {field.name for field in fields(ProductForm)} and name != "sku":
            self._change(
                form=replace(self._state.form, **{name: text}),
                problems=FormProblems(),
                saved=False,
            )

    @Slot()
    def save(self) -> None:
        before, form = self._state.selected, self._state.form
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
        product = self._state.selected
        if product is not None:
            self._tasks.run(
                lambda: self._shop.delete(product.sku), lambda _: self._removed(product), self._fail
            )

    @Slot()
    def undoRemove(self) -> None:
        product = self._state.undo
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
        self._alter(lambda sku: self._shop.store.set_cover(sku, sha256), photos=True)

    @Slot()
    def photograph(self) -> None:
        if self._state.selected is not None:
            self.photograph_asked.emit(self._state.selected.sku)

    @Slot(bool)
    def showPairs(self, on: bool) -> None:
        self._change(pairs_shown=on, selected=None)
        if on:
            self._change(pairs_known=False)
            self._slow.run(self._find_pairs, self._found_pairs, self._fail)

    def _open(self, sku: str) -> _Opened:
        store = self._shop.store
        return _Opened(store.product(sku), tuple(store.photos(sku)))

    def _opened(self, opened: _Opened) -> None:
        self._change(
            selected=opened.product,
            form=form_of(opened.product),
            photos=opened.photos,
            problems=FormProblems(),
            pairs_shown=False,
            saved=False,
            fault="",
        )

    def _alter(self, change: Callable[[str], object], *, photos: bool = False) -> None:
        product = self._state.selected
        if product is None:
            return
        sku = product.sku

        def work() -> _Opened:
            change(sku)
            return self._open(sku)

        self._tasks.run(work, lambda opened: self._altered(opened, photos), self._fail)

    def _altered(self, opened: _Opened, photos: bool) -> None:
        self._opened(opened)
        if photos:
            self._pictures.forget(f"product/{opened.product.sku}")
        self.refresh()

    def _product_saved(self, product: Product) -> None:
        self._change(selected=product, form=form_of(product), saved=True)
        self._saved_note.start()
        self.refresh()

    def _removed(self, product: Product) -> None:
        self._change(undo=product, selected=None, form=ProductForm(), photos=())
        self._undo.start()
        self.refresh()

    def _brought_back(self, sku: str) -> None:
        self.refresh()
        self.select(sku)

    def _find_pairs(self) -> tuple[tuple[Pair, ...], tuple[Correction, ...]]:
        store = self._shop.store
        pairs = tuple(
            Pair(store.product(p.sku_a), store.product(p.sku_b), p.similarity, p.confused)
            for p in self._shop.engine.confusables(PAIRS)
        )
        taps = store.taps()[:CORRECTIONS]
        skus = {sku for tap in taps for sku in (tap.shown_sku, tap.chosen_sku) if sku}
        names = {p.sku: p.name for p in products_of(self._shop, sorted(skus))}
        corrections = (
            Correction(names.get(t.shown_sku, ""), names.get(t.chosen_sku or "", ""), t.count)
            for t in taps
        )
        return pairs, tuple(corrections)

    def _found_pairs(self, found: tuple[tuple[Pair, ...], tuple[Correction, ...]]) -> None:
        self._change(pairs=found[0], corrections=found[1], pairs_known=True)

    def _listed(self, asked: int, answer: tuple[list[Product], int]) -> None:
        if asked == self._asked:
            self._change(found=tuple(answer[0]), total=answer[1])

    @Slot()
    def _end_undo(self) -> None:
        self._undo.stop()
        self._change(undo=None)

    @Slot()
    def _end_saved(self) -> None:
        self._change(saved=False)

    def _fail(self, error: KnownError) -> None:
        self._change(fault=str(error))

    def _change(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]
        self._derive()

    def _derive(self) -> None:
        self._rows.set_rows(list_products(self._state.found))
        self.show(derive_products(self._state, self._currency))
