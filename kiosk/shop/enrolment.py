"""What enrolment answers, and how it chooses a SKU."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog import CatalogStore
from kiosk.domain import Photo, Product
from kiosk.recognition import Rehearsal


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A product as it is stored now, with all its photos and its rehearsal.

    `confused_with` is that of the rehearsal as (product name, times), most often first.
    """

    product: Product
    photos: tuple[Photo, ...]
    rehearsal: Rehearsal
    confused_with: tuple[tuple[str, int], ...]


def enrolment_of(catalog: CatalogStore, product: Product, rehearsal: Rehearsal) -> Enrolment:
    """Collect what is stored of `product`, and name the products it was confused with."""
    names = catalog.existing([sku for sku, _ in rehearsal.confused_with])
    confused = tuple(
        (names[sku].name if sku in names else sku, times) for sku, times in rehearsal.confused_with
    )
    return Enrolment(product, tuple(catalog.photos(product.sku)), rehearsal, confused)
