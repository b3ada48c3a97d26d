"""The look screen: what is said about the product that is held up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal, Slot

from kiosk.domain import Product, SightingState
from kiosk.gui.look.state import (
    Choice,
    LookView,
    Seen,
    derive_look,
    in_order_of,
    is_question,
    others_than,
)
from kiosk.gui.product_view import show_product
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.view_model import ViewModel

LINGER_MS = 3000  # time to read a name and a price; chosen by eye
SCANNED_LINGER_MS = 8000  # nothing is held up that could leave; chosen by eye
ASKING_LINGER_MS = 12_000  # a question waits for a hand that first has to put the product down
SIMILAR = 4  # tiles in one row in portrait


class LookViewModel(ViewModel[LookView]):
    """Follows the sightings. A tap holds the card until a next product is recognised."""

    tapped = Signal(str, str)  # shown SKU, chosen SKU ("" = none of them)
    search_asked = Signal()

    def __init__(
        self,
        tasks: TaskRunner,
        similar_to: Callable[[str], list[Product]],
        linger_ms: int = LINGER_MS,
        asking_linger_ms: int = ASKING_LINGER_MS,
    ) -> None:
        super().__init__(LookView())
        self._tasks = tasks
        self._similar_to = similar_to
        self._seen: Seen | None = None
        self._choice = Choice()
        self._is_scanned_by_hand = False
        self._similar: tuple[str, tuple[Product, ...]] = ("", ())
        self._linger_ms, self._asking_linger_ms = linger_ms, asking_linger_ms
        self._linger = self._make_timer(linger_ms, self._let_go)

    def see(self, seen: Seen) -> None:
        """Take over a sighting, unless the customer is busy with the one before."""
        state = seen.sighting.state
        if self._is_scanned_by_hand and seen.sighting.scan is None:
            return  # whatever the picture says
        self._set_progress(seen.sighting.progress if state is SightingState.LOOKING else 0.0)
        if state is SightingState.IDLE:
            self._choice = replace(self._choice, seen_leaving=True)
            if self._seen is not None and not self._choice.is_made:
                asks = is_question(self._seen)
                self._linger.start(self._asking_linger_ms if asks else self._linger_ms)
        elif state is SightingState.LOOKING:
            # A name must go at once; a question may be what the hand is reaching for.
            if not self._choice.is_made and not (self._seen and is_question(self._seen)):
                self._let_go()
        elif self._may_replace():
            self._linger.stop()
            self._choice = Choice()
            self._seen = in_order_of(seen, self._seen)
            self._derive()

    def show_scanned(self, seen: Seen) -> None:
        """Show what a scanner in the hand has read, for a while or until the next code."""
        self._let_go()
        self._is_scanned_by_hand = True
        self._set_progress(0.0)
        self._seen = seen
        self._linger.start(SCANNED_LINGER_MS)
        self._derive()

    def _may_replace(self) -> bool:
        if not self._choice.is_made or self._seen is None:
            return True
        return self._choice.seen_leaving and not self._choice.picking

    @Slot()
    def notThisOne(self) -> None:
        candidates = () if self._seen is None else self._seen.sighting.candidates
        others = others_than(self._shown_sku, candidates)
        self._choose(Choice(picking=True) if others else Choice(none_of_them=True))

    @Slot(str)
    def choose(self, sku: str) -> None:
        """A tile was tapped: that product is shown, and the tap may be counted."""
        if self._seen is None:
            return
        if sku not in self._seen.products:
            self._show_similar(sku)
            return
        if not self._choice.details:
            self.tapped.emit(self._shown_sku, sku)
        self._choose(Choice(sku=sku))

    @Slot()
    def noneOfThem(self) -> None:
        self.tapped.emit(self._shown_sku, "")
        self._choose(Choice(none_of_them=True))

    @Slot(bool)
    def showDetails(self, on: bool) -> None:
        self._choose(replace(self._choice, details=on))
        sku = self._choice.sku or self._shown_sku
        if on and sku and self._similar[0] != sku:
            self._tasks.run(
                lambda: self._similar_to(sku),
                lambda found: self._found_similar(sku, found),
                lambda _: None,
            )

    @Slot()
    def findLikeThis(self) -> None:
        """Search on with the last picture: "like this, but blue"."""
        self.search_asked.emit()

    @Slot()
    def dismiss(self) -> None:
        self._let_go()

    def forget(self) -> None:
        """The session is over."""
        self._similar = ("", ())
        self._let_go()
        self._set_progress(0.0)

    @property
    def _shown_sku(self) -> str:
        sighting = self._seen.sighting if self._seen else None
        return (sighting.sku or "") if sighting else ""

    def _show_similar(self, sku: str) -> None:
        product = next((p for p in self._similar[1] if p.sku == sku), None)
        if product is not None and self._seen is not None:
            self._seen = Seen(self._seen.sighting, {**self._seen.products, sku: product})
            self._choose(Choice(sku=sku))

    def _found_similar(self, sku: str, found: list[Product]) -> None:
        self._similar = (sku, tuple(p for p in found if p.sku != sku)[:SIMILAR])
        self._derive()

    def _choose(self, choice: Choice) -> None:
        self._linger.stop()
        self._is_scanned_by_hand = False
        self._choice = replace(choice, seen_leaving=self._choice.seen_leaving)
        self._derive()

    @Slot()
    def _let_go(self) -> None:
        self._linger.stop()
        self._seen = None
        self._choice = Choice()
        self._is_scanned_by_hand = False
        self._derive()

    def _set_progress(self, value: float) -> None:
        self._change(progress=value)

    def _derive(self) -> None:
        sku, found = self._similar
        current = self._choice.sku or self._shown_sku
        similar = tuple(show_product(p) for p in found) if sku == current else ()
        view = derive_look(self._seen, self._choice, similar)
        self.show(replace(view, progress=self.view.progress))
