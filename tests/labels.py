"""Packs with text drawn on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image as PillowImage, ImageDraw, ImageFont

from kiosk.domain import Image

FONTS = Path(__file__).parents[1] / "assets" / "fonts"
LATIN, CHINESE = "Inter-Bold.otf", "NotoSansTC-Bold.otf"


def pack(*lines: tuple[str, str], side: int = 900) -> Image:
    """A pack with one line below the other, each in its font."""
    picture = PillowImage.new("RGB", (side, side), (196, 60, 48))
    draw = ImageDraw.Draw(picture)
    for number, (text, font) in enumerate(lines):
        letters = ImageFont.truetype(FONTS / font, side // 9)
        draw.text((side // 10, side * (number + 1) // 5), text, "white", letters)
    return np.asarray(picture, np.uint8)
