"""What a code's text stands for in this shop."""

from __future__ import annotations

from kiosk.catalog import CatalogReader
from kiosk.domain import Price, Product, Scan
from kiosk.errors import UnknownProductError
from kiosk.money import price_in_code
from kiosk.recognition.evidence import gtin_in, is_in_store, read_in_store


def find_code(catalog: CatalogReader, text: str, layout: str = "") -> Scan | None:
    """Find the active product of a code; None for a text that is no product's at all.

    A GTIN is looked up whatever holds it (see `gtin_in`). `layout` reads the codes that the
    shop prints itself (see `read_in_store`); without it one that is not in the catalogue
    means nothing.
    """
    gtin = gtin_in(text)
    product = catalog.product_by_barcode(gtin or text)
    if product is None and gtin is not None:
        product = catalog.product_by_barcode(text)
    if product is not None:
        return Scan(gtin or product.barcode, product.sku)
    if gtin is None:
        return None
    if is_in_store(gtin):
        return _find_in_store(catalog, gtin, layout)
    return Scan(gtin)


def _find_in_store(catalog: CatalogReader, gtin: str, layout: str) -> Scan | None:
    code = read_in_store(gtin, layout)
    if code is None or not code.item:
        return None
    product = _find_item(catalog, code.item)
    if product is None:
        return Scan(gtin)
    return Scan(gtin, product.sku, _price(code.price, product.price.currency))


def _find_item(catalog: CatalogReader, item: str) -> Product | None:
    """By barcode or SKU, with and without the zeros that fill up the item's places."""
    for number in dict.fromkeys((item, item.lstrip("0") or item)):
        product = catalog.product_by_barcode(number) or _active(catalog, number)
        if product is not None:
            return product
    return None


def _active(catalog: CatalogReader, sku: str) -> Product | None:
    try:
        product = catalog.product(sku)
    except UnknownProductError:
        return None
    return product if product.active else None


def _price(digits: str, currency: str) -> Price | None:
    return price_in_code(digits, currency) if digits.strip("0") else None
