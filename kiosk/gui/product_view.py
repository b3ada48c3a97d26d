"""A product as every screen writes it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain import Product
from kiosk.money import format_price


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product's texts; `price` is empty while it is not set."""

    sku: str = ""
    name: str = ""
    price: str = ""
    category: str = ""
    description: str = ""
    barcode: str = ""
    active: bool = True


def show_product(product: Product) -> ProductView:
    """Return the texts of a product.

    The price is written as the currency's own country writes it, in every language.
    """
    return ProductView(
        sku=product.sku,
        name=product.name,
        price=format_price(product.price) if product.price.is_set else "",
        category=product.category,
        description=product.description,
        barcode=product.barcode,
        active=product.active,
    )
