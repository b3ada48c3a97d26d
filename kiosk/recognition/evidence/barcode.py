"""Barcodes in a picture."""

from __future__ import annotations

import cv2
import numpy as np
import zxingcpp

from kiosk.domain import Image

MAX_CODE_LENGTH = 80  # characters; chosen by eye: a GTIN has 14
FORMATS = (
    zxingcpp.BarcodeFormat.EAN13,
    zxingcpp.BarcodeFormat.EAN8,
    zxingcpp.BarcodeFormat.UPCA,
    zxingcpp.BarcodeFormat.UPCE,
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.QRCode,
)


def read_barcode(image: Image) -> str | None:
    """Return the text of the largest EAN, UPC, Code 128 or QR code whose check holds."""
    gray = np.ascontiguousarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
    found = [
        code
        for code in zxingcpp.read_barcodes(gray, formats=FORMATS)  # type: ignore[arg-type]  # a tuple is its own advice
        if code.valid and 0 < len(code.text) <= MAX_CODE_LENGTH and code.text.isprintable()
    ]
    return _printed_text(max(found, key=_extent)) if found else None


def is_gtin(text: str) -> bool:
    """True for 8, 12, 13 or 14 digits with the right check digit (GS1 General Specifications)."""
    if len(text) not in (8, 12, 13, 14) or not (text.isascii() and text.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(text)]
    total = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return total % 10 == 0


def _printed_text(code: zxingcpp.Barcode) -> str:
    """The text as printed: a UPC-A read as an EAN-13 loses the zero in front."""
    text = code.text.strip()
    is_upc = len(text) == 13 and text.isdigit() and text.startswith("0") and is_gtin(text)
    return text[1:] if is_upc else text


def _extent(code: zxingcpp.Barcode) -> int:
    """The length of the code's diagonal in pixels, by city blocks."""
    a, b = code.position.top_left, code.position.bottom_right
    return abs(b.x - a.x) + abs(b.y - a.y)
