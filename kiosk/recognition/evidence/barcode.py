"""Barcodes in a picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from kiosk.domain import Image
from kiosk.recognition.evidence.bars import bar_patches
from kiosk.recognition.evidence.gs1 import is_gtin

MAX_CODE_LENGTH = 80  # characters; chosen by eye: a GTIN has 14, a Digital Link some 50
BARS = (
    zxingcpp.BarcodeFormat.EAN13,
    zxingcpp.BarcodeFormat.EAN8,
    zxingcpp.BarcodeFormat.UPCA,
    zxingcpp.BarcodeFormat.UPCE,
    zxingcpp.BarcodeFormat.Code128,
)
FORMATS = (*BARS, zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix)
# A misreading hardly ever passes: 13 digits and their check, or error correction.
CHECKED_FORMATS = {
    zxingcpp.BarcodeFormat.EAN13,
    zxingcpp.BarcodeFormat.UPCA,
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.DataMatrix,
}


@dataclass(frozen=True, slots=True)
class Code:
    """A code in a picture: its text as printed, GS1 elements with brackets, as "(01)…".

    `is_checked`: one reading is enough to trust it. `centre` is where it is in the picture,
    as shares of width and height.
    """

    text: str
    is_checked: bool
    centre: tuple[float, float]


def search_codes(image: Image) -> tuple[Code, ...]:
    """Return the EAN, UPC, Code 128, QR and DataMatrix codes in `image`, the largest first.

    Codes of bars may be turned by about 30 degrees; for any angle see `search_bars`.
    """
    found = zxingcpp.read_barcodes(_gray(image), formats=FORMATS, try_invert=False)  # type: ignore[arg-type]  # a tuple is its own advice
    return _codes([(code, _centre(code)) for code in found], image)


def search_bars(image: Image) -> tuple[Code, ...]:
    """Return the EAN, UPC and Code 128 codes, turned by any angle, even if they are small."""
    found = [
        (code, patch.centre)
        for patch in bar_patches(_gray(image))
        for code in zxingcpp.read_barcodes(
            patch.gray,
            formats=BARS,  # type: ignore[arg-type]  # as above
            try_rotate=False,
            try_downscale=False,
            try_invert=False,
        )
    ]
    return _codes(found, image)


def read_barcode(image: Image, *, closely: bool = True) -> str | None:
    """Return the text of the largest code whose check holds.

    `closely` searches small and turned bars, too, which takes five times as long.
    """
    codes = search_codes(image) or (search_bars(image) if closely else ())
    return codes[0].text if codes else None


def _gray(image: Image) -> NDArray[np.uint8]:
    return np.ascontiguousarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _codes(
    found: list[tuple[zxingcpp.Barcode, tuple[float, float]]], image: Image
) -> tuple[Code, ...]:
    """Describe codes with their centres in pixels, the largest first."""
    height, width = image.shape[:2]
    usable = [(code, centre) for code, centre in found if _is_usable(code)]
    usable.sort(key=lambda pair: _extent(pair[0]), reverse=True)
    return tuple(
        Code(_printed_text(code), code.format in CHECKED_FORMATS, (x / width, y / height))
        for code, (x, y) in usable
    )


def _is_usable(code: zxingcpp.Barcode) -> bool:
    return code.valid and 0 < len(code.text) <= MAX_CODE_LENGTH and code.text.isprintable()


def _printed_text(code: zxingcpp.Barcode) -> str:
    """The text as printed: a UPC-A read as an EAN-13 loses the zero in front."""
    text = code.text.strip()
    is_upc = len(text) == 13 and text.isdigit() and text.startswith("0") and is_gtin(text)
    return text[1:] if is_upc else text


def _extent(code: zxingcpp.Barcode) -> int:
    """The length of the code's diagonal in pixels, by city blocks."""
    a, b = code.position.top_left, code.position.bottom_right
    return abs(b.x - a.x) + abs(b.y - a.y)


def _centre(code: zxingcpp.Barcode) -> tuple[float, float]:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return sum(c.x for c in corners) / 4, sum(c.y for c in corners) / 4
