"""Codes that a shop prints itself, with a price or a weight inside. Pure.

GS1 leaves the prefixes 20 to 29 (UPC: 2) to the shop, and the layout to each country:
General Specifications, section 2.1.12.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.recognition.evidence.gs1 import is_gtin


@dataclass(frozen=True, slots=True)
class InStoreCode:
    """The digits of the item, and those of the price; none where the code holds a weight."""

    item: str
    price: str


def is_in_store(gtin: str) -> bool:
    """Whether the number means something within one shop only."""
    return len(gtin) in (12, 13) and gtin.zfill(13).startswith(("2", "02"))


def read_in_store(gtin: str, layout: str) -> InStoreCode | None:
    """Read a GTIN of 12 or 13 digits by a layout such as "2IIIIIIPPPPPC".

    Digits must be just these; I is the item, P the price, W a weight, X anything, C the
    check digit. None: the code has another layout.
    """
    fits = len(gtin) == len(layout) and is_gtin(gtin)
    if not fits or any(c.isdigit() and c != d for c, d in zip(layout, gtin, strict=True)):
        return None
    return InStoreCode(_digits("I", gtin, layout), _digits("P", gtin, layout))


def _digits(kind: str, gtin: str, layout: str) -> str:
    return "".join(digit for digit, place in zip(gtin, layout, strict=True) if place == kind)
