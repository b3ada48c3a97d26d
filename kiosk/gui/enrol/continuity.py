"""Whether what is held up is still the product that is being enrolled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kiosk.domain import Decision, Product, Vectors
from kiosk.gui.enrol.draft import Draft, DraftFolder
from kiosk.live import Advice
from kiosk.shop import Shop

# Cosine to the nearest earlier picture. Below it are 1 of 100 further sides of packs, a tenth of
# loose fruit on other days, and half of all other packs; other fruit nearly always (drawn demo
# shop and snacks; grocery photos with the encoder shipped before).
LEAST_COSINE = 0.5


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a picture is not taken unasked: `product` is named, or it is another thing (None)."""

    product: Product | None = None


class Continuity:
    """Remembers what was photographed for a draft, and what staff have said about doubts.

    What never left the picture is the same product, however its sides differ.
    """

    def __init__(self, shop: Shop, folder: DraftFolder) -> None:
        self._shop = shop
        self._folder = folder
        self.start_over()

    def start_over(self) -> None:
        """Another product is enrolled."""
        self._vectors: dict[str, Vectors] = {}
        self._accepted: set[str] = set()
        self._was_away = False

    def note_advice(self, advice: Advice) -> None:
        """Note what a look has shown: an empty reticle, perhaps."""
        self._was_away |= advice is Advice.NOTHING

    def note_photo(self, angle: str, vectors: Vectors) -> None:
        """Note that a picture, float32 (1, d), was taken."""
        self._vectors[angle] = vectors
        self._was_away = False

    def accept(self, doubt: Doubt) -> None:
        """Staff say that it is the right product: ask no more about that."""
        if doubt.product is not None:
            self._accepted.add(doubt.product.sku)
        self._was_away = False

    def doubt(self, vectors: Vectors, draft: Draft, barcode: str) -> Doubt | None:
        """Return why the picture of `vectors`, with that barcode in view, may be a wrong one."""
        named = self._named(vectors, draft)
        if named is not None:
            return Doubt(named)
        known = draft.form.barcode
        is_other_code = bool(draft.angles and known and barcode and barcode != known)
        if is_other_code or (self._was_away and self._is_unlike(vectors, draft)):
            return Doubt()
        return None

    def _named(self, vectors: Vectors, draft: Draft) -> Product | None:
        """The product of the catalogue that the kiosk would name."""
        seen = self._shop.recognise(vectors)
        best = seen.best
        if seen.decision is not Decision.NAMED or best is None:
            return None
        if best.sku == draft.existing_sku or best.sku in self._accepted:
            return None
        return self._shop.product(best.sku)

    def _is_unlike(self, vectors: Vectors, draft: Draft) -> bool:
        earlier = [self._vector(angle) for angle in draft.angles]
        if draft.existing_sku:
            earlier.append(self._shop.gallery([draft.existing_sku]).vectors)
        rows = [each for each in earlier if each is not None and len(each)]
        return bool(rows) and float((np.concatenate(rows) @ vectors[0]).max()) < LEAST_COSINE

    def _vector(self, angle: str) -> Vectors | None:
        """That of a picture of the draft; one from before a restart is encoded now."""
        if angle not in self._vectors:
            picture = self._folder.picture(angle)
            if picture is None:
                return None
            self._vectors[angle] = self._shop.embed(picture)
        return self._vectors[angle]
