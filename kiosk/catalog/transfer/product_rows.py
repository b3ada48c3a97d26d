"""A product as one row of `products.csv`, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.catalog.validation import clean_product, clean_sku
from kiosk.domain import Product
from kiosk.errors import CatalogError
from kiosk.money import parse_price, price_text

REQUIRED: Final = ("sku", "name", "price")
WRITTEN: Final = (*REQUIRED, "currency", "category", "description", "barcode", "active")
COLUMNS: Final = (*WRITTEN, "photo")
_EXTRA: Final = "extra:"
_YES: Final = frozenset(("", "1", "yes", "y", "true", "on", "active"))
_NO: Final = frozenset(("0", "no", "n", "false", "off", "retired"))


def product_of(cells: Mapping[str, str], known: Mapping[str, Product], currency: str) -> Product:
    """Return the clean product of a row; columns that are absent keep what `known` has.

    Raises:
        CatalogError: the sentence for the list of problems.
    """
    stored = known.get(clean_sku(cells["sku"]))

    def cell(column: str, stored_text: str) -> str:
        return cells.get(column, stored_text)

    return clean_product(
        Product(
            sku=cells["sku"],
            name=cells["name"],
            price=parse_price(cells["price"], cell("currency", "").strip().upper() or currency),
            category=cell("category", stored.category if stored else ""),
            description=cell("description", stored.description if stored else ""),
            barcode=cell("barcode", stored.barcode if stored else ""),
            active=_yes(cells["active"]) if "active" in cells else not stored or stored.active,
            metadata={**(stored.metadata if stored else {}), **_extras(cells)},
        )
    )


def row_of(product: Product, extras: tuple[str, ...]) -> list[str]:
    """Return the cells of `product` for the columns WRITTEN and then the extra fields."""
    return [
        product.sku,
        product.name,
        price_text(product.price),
        product.price.currency,
        product.category,
        product.description,
        product.barcode,
        "yes" if product.active else "no",
        *(product.metadata.get(key, "") for key in extras),
    ]


def extra_column(key: str) -> str:
    """Return the header under which an extra field is written."""
    return _EXTRA + key


def _extras(cells: Mapping[str, str]) -> dict[str, str]:
    return {
        column.removeprefix(_EXTRA): value
        for column, value in cells.items()
        if column not in COLUMNS and column
    }


def _yes(text: str) -> bool:
    word = text.strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise CatalogError(f"The column active holds {text[:20]!r}.", next_step="Write yes or no.")
