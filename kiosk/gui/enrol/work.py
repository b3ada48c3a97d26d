"""The slow half of enrolment: reads pictures, catalogue and disk. Never in the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.domain import Decision, Image, Product, Vectors
from kiosk.errors import KnownError, ProductExistsError
from kiosk.gui.camera.live_feed import Shot
from kiosk.gui.enrol.continuity import Continuity, Doubt
from kiosk.gui.enrol.draft import Draft, DraftFolder
from kiosk.gui.enrol.state import Captured
from kiosk.gui.products.form import product_of
from kiosk.live import Advice, Adviser
from kiosk.recognition.evidence import LabelText, can_read_labels, gtin_in, read_barcode
from kiosk.shop import Enrolment, Shop

NEIGHBOURS = 4  # chosen by eye
ALIKE_SIMILARITY = 0.8  # chosen by eye


@dataclass(frozen=True, slots=True)
class Glance:
    """One look at the camera: the kind of advice, and a barcode if one was in view."""

    advice: str
    good: bool
    barcode: str = ""
    owner: Product | None = None


@dataclass(frozen=True, slots=True)
class SkuTaken:
    """A product with this SKU exists already; nothing was stored."""

    product: Product


class EnrolWork:
    """Reads and writes for the enrolment screen; every method may take its time."""

    def __init__(self, shop: Shop, folder: DraftFolder) -> None:
        self._shop = shop
        self._folder = folder
        self._adviser = Adviser()
        self._continuity = Continuity(shop, folder)

    def load(self) -> tuple[Draft, tuple[str, ...]]:
        """The draft that was left behind, and the catalogue's categories."""
        return self._folder.load(), tuple(self._shop.catalog.categories())

    def keep(self, draft: Draft) -> None:
        self._folder.save(draft)

    def discard(self) -> None:
        self._folder.discard()

    def glance(self, shot: Shot, *, with_barcode: bool) -> Glance:
        """Advice on what lies in the reticle, and, if asked for, a barcode in the frame."""
        advice = self._adviser.advise(shot.reticle, empty=shot.empty)
        self._continuity.note_advice(advice)
        code = (read_barcode(shot.whole) or "") if with_barcode else ""
        found = self._shop.find_code(code) if code else None
        owner = self._shop.catalog.product(found.sku) if found and found.sku else None
        return Glance(advice.value, advice is Advice.OK, gtin_in(code) or code, owner)

    def start_over(self) -> None:
        """Another product: its first view is like none before."""
        self._adviser.start_over()
        self._continuity.start_over()

    def doubt(self, shot: Shot, draft: Draft) -> Doubt | None:
        """Return why the product in `shot` may be another than the draft's."""
        code = read_barcode(shot.whole) or ""
        return self._continuity.doubt(self._shop.embed(shot.product), draft, gtin_in(code) or code)

    def accept(self, doubt: Doubt) -> None:
        """Staff say that it is the right product."""
        self._continuity.accept(doubt)

    def read_label(self, shot: Shot) -> LabelText:
        """Return the text on the product; nothing where no library reads it."""
        return self._shop.read_label(shot.product) if can_read_labels() else LabelText()

    def capture(self, angle: str, shot: Shot, draft: Draft) -> Captured:
        """Keep a picture in the draft, and see what it resembles."""
        self._folder.save_picture(angle, shot.product)
        self._folder.save(draft)
        self._adviser.note_photo(shot.reticle)
        vectors = self._shop.embed(shot.product)
        self._continuity.note_photo(angle, vectors)
        return Captured(
            self._taken_for(vectors, draft.existing_sku), self._likely_category(vectors)
        )

    def _taken_for(self, vectors: Vectors, existing_sku: str) -> Product | None:
        """The product that the kiosk would name at the sight of this one, or that is as near."""
        seen = self._shop.recognise(vectors)
        best = seen.best
        if best is None or best.sku == existing_sku:
            return None
        if seen.decision is not Decision.NAMED and best.similarity < ALIKE_SIMILARITY:
            return None
        return self._shop.catalog.product(best.sku)

    def _likely_category(self, vectors: Vectors) -> str:
        """The category that the nearest products speak for, each by its confidence."""
        weights: dict[str, float] = {}
        for each in self._shop.look_alikes(vectors, top=NEIGHBOURS):
            category = self._shop.catalog.product(each.sku).category
            weights[category] = weights.get(category, 0.0) + each.confidence
        return max(weights, key=lambda category: weights[category], default="")

    def product(self, sku: str) -> Product:
        return self._shop.catalog.product(sku)

    def save(self, draft: Draft, currency: str) -> Enrolment | SkuTaken:
        """Store the product with its pictures; the draft is let go only after that."""
        pictures = self._folder.pictures(draft.angles)
        if not pictures:
            raise KnownError("None of the pictures could be read.", next_step="Take new ones.")
        try:
            enrolment = self._enrol(draft, pictures, currency)
        except ProductExistsError as error:
            return SkuTaken(self._shop.catalog.product(error.sku))
        self._folder.discard()
        self.start_over()
        return enrolment

    def _enrol(self, draft: Draft, pictures: Sequence[Image], currency: str) -> Enrolment:
        if draft.existing_sku:
            return self._shop.enrol_again(draft.existing_sku, pictures)
        product = product_of(draft.form, currency)
        return self._shop.enrol(product, pictures, must_be_new=True)
