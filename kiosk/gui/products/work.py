"""What the products screen reads from the shop. Not for the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain import Product
from kiosk.gui.product_view import ProductView, show_product
from kiosk.gui.products.state import CorrectionRow, PairRow, PhotoRow, pair_row, photo_rows
from kiosk.shop import Shop

LISTED = 200  # more is what the search is for
PAIRS = 8  # about two screens of them
CORRECTIONS = 5  # they stand above the pairs, which are to be seen too; chosen by eye


@dataclass(frozen=True, slots=True)
class OpenedProduct:
    product: Product
    photos: tuple[PhotoRow, ...]


def list_products(shop: Shop, query: str) -> tuple[tuple[ProductView, ...], int]:
    """The products that `query` finds, retired ones too, and the number of all."""
    found = shop.catalog.products(query=query, active=None, limit=LISTED)
    return tuple(map(show_product, found)), shop.catalog.counts().products


def open_product(shop: Shop, sku: str) -> OpenedProduct:
    return OpenedProduct(shop.catalog.product(sku), photo_rows(shop.catalog.photos(sku)))


def find_confusions(shop: Shop) -> tuple[tuple[PairRow, ...], tuple[CorrectionRow, ...]]:
    """The products most easily confused, and what customers corrected most often."""
    pairs = tuple(
        pair_row(
            shop.catalog.product(pair.sku_a),
            shop.catalog.product(pair.sku_b),
            pair.similarity,
            pair.confused,
        )
        for pair in shop.confusables(PAIRS)
    )
    taps = shop.taps.taps()[:CORRECTIONS]
    products = shop.catalog.existing([s for t in taps for s in (t.shown_sku, t.chosen_sku) if s])
    names = {sku: product.name for sku, product in products.items()}
    corrections = tuple(
        CorrectionRow(names.get(t.shown_sku, ""), names.get(t.chosen_sku or "", ""), t.count)
        for t in taps
    )
    return pairs, corrections
