"""What the window asks of the shop, in functions that a worker runs."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.catalog import ProductFilter
from kiosk.domain import Image, Product, Scan
from kiosk.errors import UnknownProductError
from kiosk.gui.attract.view_model import SHOWN, spread
from kiosk.gui.camera.live_feed import looked_up
from kiosk.gui.enrol.draft import DraftFolder
from kiosk.gui.find.view_model import Finder
from kiosk.gui.look.state import Seen
from kiosk.gui.products.proposals import ProposalFolder
from kiosk.gui.widgets.picture_key import PictureKey, PictureKind
from kiosk.live import scanned
from kiosk.pictures import fit_within, read_picture
from kiosk.shop import Shop

FOUND = 30  # six rows of five tiles; chosen by eye
LISTED = 120  # without a question; more is what the search is for
SIMILAR = 6  # four are shown; the product itself and one more may be among them
SIMILAR_SIDE = 480  # pixels; above every encoder's input side


def products_of(shop: Shop, skus: Sequence[str]) -> list[Product]:
    """The products that are still there, in the order asked for."""
    found = []
    for sku in skus:
        try:
            found.append(shop.catalog.product(sku))
        except UnknownProductError:
            continue
    return found


def scanned_by_hand(shop: Shop, text: str) -> Seen:
    """What a code stands for that somebody scanned on purpose: it has an answer always."""
    sighting = scanned(shop.find_code(text) or Scan(text))
    return looked_up(sighting, lambda skus: products_of(shop, skus))


def presentable(shop: Shop) -> list[str]:
    """A few SKUs that have a photo, from all over the catalogue."""
    skus = spread([product.sku for product in shop.catalog.products(limit=LISTED)], 3 * SHOWN)
    return [product.sku for product in products_of(shop, skus) if shop.catalog.photos(product.sku)]


def similar_products(shop: Shop, sku: str) -> list[Product]:
    """Products that look like `sku`'s cover photo."""
    picture = shop.thumbnail(sku, SIMILAR_SIDE)
    if picture is None:
        return []
    return shop.search(image=picture, top=SIMILAR).products


def finder(shop: Shop) -> Finder:
    def search(picture: Image | None, text: str, category: str) -> list[Product]:
        if picture is None and not text:
            return shop.catalog.products(category=category, limit=LISTED)
        filters = ProductFilter(category=category)
        return shop.search(image=picture, text=text, top=FOUND, filters=filters).products

    def names() -> list[str]:
        return [product.name for product in shop.catalog.products()]

    return Finder(search, shop.catalog.categories, names)


class PictureLoader:
    """Loads what the keys of the picture cache name: called by a worker only."""

    def __init__(self, shop: Shop, draft: DraftFolder, proposals: ProposalFolder) -> None:
        self._shop = shop
        self._draft = draft
        self._proposals = proposals

    def load(self, key: PictureKey, side: int) -> Image | None:
        """Return a picture of at most `side` pixels; None where there is none on disk."""
        if key.kind is PictureKind.PRODUCT:
            return self._cover(key.name, side)
        picture = self._whole(key)
        return None if picture is None else fit_within(picture, side)

    def _cover(self, sku: str, side: int) -> Image | None:
        try:
            return self._shop.thumbnail(sku, side)
        except UnknownProductError:
            return None

    def _whole(self, key: PictureKey) -> Image | None:
        match key.kind:
            case PictureKind.PHOTO:
                return read_picture(self._shop.catalog.photo_path(key.name))
            case PictureKind.DRAFT:
                return self._draft.picture(key.name)
            case PictureKind.PROPOSAL:
                return self._proposals.picture(key.name)
        return None
