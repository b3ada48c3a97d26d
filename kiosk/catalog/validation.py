"""What a product may hold, and why not more."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kiosk.domain import Product
from kiosk.errors import CatalogError
from kiosk.money import check_price

# Limits in characters, chosen: far above what a shop writes, and what the screen still shows.
MAX_SKU: Final = 100
MAX_NAME: Final = 300
MAX_CATEGORY: Final = 100
MAX_BARCODE: Final = 100
MAX_DESCRIPTION: Final = 10_000
MAX_METADATA_ITEMS: Final = 100
# Marks that turn the reading direction could make a price or name read backwards.
_BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_product(product: Product) -> Product:
    """Return the product as it is stored: trimmed, in Unicode form C, each field within limits.

    Raises:
        CatalogError: an empty SKU or name, control characters, a text that is too long,
            or a price that cannot be.
    """
    return replace(
        product,
        sku=_line("SKU", product.sku, MAX_SKU, required=True),
        name=_line("name", product.name, MAX_NAME, required=True),
        price=check_price(product.price),
        category=_line("category", product.category, MAX_CATEGORY),
        description=_text("description", product.description, MAX_DESCRIPTION),
        barcode=_line("barcode", product.barcode, MAX_BARCODE),
        metadata=_clean_metadata(product.metadata),
    )


def clean_sku(sku: str) -> str:
    """Return the SKU as it is compared: Unicode form C, without spaces around it."""
    return unicodedata.normalize("NFC", sku).strip()


def storable(text: str) -> bool:
    """Whether a column can hold `text`, so that a product may be called that."""
    return not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text)


def _line(field: str, value: str, max_length: int, *, required: bool = False) -> str:
    return _checked(field, value, max_length, allowed=frozenset(), required=required)


def _text(field: str, value: str, max_length: int) -> str:
    unified = value.replace("\r\n", "\n").replace("\r", "\n")
    return _checked(field, unified, max_length, allowed=frozenset("\n\t"))


def _checked(
    field: str, value: str, max_length: int, *, allowed: frozenset[str], required: bool = False
) -> str:
    text = unicodedata.normalize("NFC", value).strip()
    if required and not text:
        raise CatalogError(f"The {field} is missing.", next_step=f"Give the product a {field}.")
    for character in text:
        kind = unicodedata.category(character)
        if character in _BIDI_CONTROLS or (kind in ("Cc", "Cs") and character not in allowed):
            raise CatalogError(
                f"The {field} holds a control character (U+{ord(character):04X}).",
                next_step="Delete it; it cannot be shown.",
            )
    if len(text) > max_length:
        raise CatalogError(
            f"The {field} has {len(text)} characters; at most {max_length} fit on the screen.",
            next_step="Shorten it.",
        )
    return text


def _clean_metadata(metadata: Mapping[str, str]) -> dict[str, str]:
    if len(metadata) > MAX_METADATA_ITEMS:
        raise CatalogError(
            f"The product has {len(metadata)} extra fields; at most {MAX_METADATA_ITEMS} are kept."
        )
    clean = {
        _line("name of an extra field", key, MAX_CATEGORY, required=True): _text(
            f"extra field {key!r}", value, MAX_DESCRIPTION
        )
        for key, value in sorted(metadata.items())
    }
    return {key: value for key, value in clean.items() if value}
