"""A flat sheet of packaging to draw on: shapes, gradients and text from the bundled fonts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import zxingcpp
from PIL import Image as Pillow, ImageDraw, ImageFont

from kiosk.domain import Image
from kiosk.resources import assets_dir

Colour = str
Point = tuple[float, float]

_FINE = 2  # drawn at twice the size and shrunk, since Pillow's shapes have hard edges
_FIRST_CHINESE = "⺀"


@lru_cache(maxsize=16)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    path = assets_dir() / "fonts" / f"{name}.otf"
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def text_runs(text: str, weight: str, size: int) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """Split text into runs of one font each: Inter for Latin, Noto Sans TC for Chinese."""
    runs: list[tuple[str, ImageFont.FreeTypeFont]] = []
    for character in text:
        chinese = character >= _FIRST_CHINESE
        name = f"NotoSansTC-{'Bold' if weight in {'Bold', 'SemiBold'} else 'Regular'}"
        font = _font(name if chinese else f"Inter-{weight}", size)
        if runs and runs[-1][1] is font:
            runs[-1] = (runs[-1][0] + character, font)
        else:
            runs.append((character, font))
    return runs


def _centred(stamp: Pillow.Image, x: float, y: float) -> tuple[int, int]:
    """Where the top left corner of a stamp lies if its middle is at (x, y) of a sheet."""
    return int(x * _FINE - stamp.width / 2), int(y * _FINE - stamp.height / 2)


class Sheet:
    """A picture under construction; coordinates are pixels of the finished sheet."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.width, self.height = width, height
        self._picture = Pillow.new("RGB", (width * _FINE, height * _FINE), colour)
        self._pen = ImageDraw.Draw(self._picture)

    def finished(self) -> Image:
        """Return the sheet as RGB."""
        return np.asarray(self._picture.reduce(_FINE))

    def gradient(
        self, box: Sequence[float], colours: Sequence[Colour], *, across: bool = False
    ) -> None:
        """Fill a box with colours blending from top to bottom, or from left to right."""
        x0, y0, x1, y1 = (int(v * _FINE) for v in box)
        stops = np.array([Pillow.new("RGB", (1, 1), c).getpixel((0, 0)) for c in colours], float)
        length = x1 - x0 if across else y1 - y0
        at = np.linspace(0, len(colours) - 1, max(length, 1))
        ramp = np.column_stack([np.interp(at, range(len(colours)), stops[:, k]) for k in range(3)])
        strip = ramp[None, :] if across else ramp[:, None]
        filled = np.broadcast_to(strip, (y1 - y0, x1 - x0, 3)).astype(np.uint8)
        self._picture.paste(Pillow.fromarray(filled), (x0, y0))

    def rect(
        self,
        box: Sequence[float],
        fill: Colour,
        *,
        radius: float = 0,
        line: Colour | None = None,
        width: float = 0,
    ) -> None:
        self._pen.rounded_rectangle(
            [v * _FINE for v in box], radius * _FINE, fill or None, line, int(width * _FINE)
        )

    def ellipse(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        fill: Colour,
        *,
        line: Colour | None = None,
        width: float = 0,
    ) -> None:
        box = [(x - rx) * _FINE, (y - ry) * _FINE, (x + rx) * _FINE, (y + ry) * _FINE]
        self._pen.ellipse(box, fill or None, line, int(width * _FINE))

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        fill: Colour,
        *,
        line: Colour | None = None,
        width: float = 0,
    ) -> None:
        self.ellipse(x, y, r, r, fill, line=line, width=width)

    def polygon(self, points: Sequence[Point], fill: Colour) -> None:
        self._pen.polygon([(x * _FINE, y * _FINE) for x, y in points], fill)

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        fine = [(x * _FINE, y * _FINE) for x, y in points]
        self._pen.line(fine, colour, max(1, int(width * _FINE)), joint="curve")
        for x, y in (fine[0], fine[-1]):
            r = width * _FINE / 2
            self._pen.ellipse([x - r, y - r, x + r, y + r], colour)

    def arc(
        self, x: float, y: float, r: float, start: float, end: float, colour: Colour, width: float
    ) -> None:
        """Draw part of a circle; degrees clockwise from the right."""
        turn = np.deg2rad(np.linspace(start, end, 40))
        self.line([(x + r * np.cos(a), y + r * np.sin(a)) for a in turn], colour, width)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        fill: Colour,
        *,
        weight: str = "Bold",
        within: float = 0,
        spacing: float = 0.0,
        align: str = "middle",
    ) -> float:
        """Write a line with its middle (or left end) at x and its capitals' middle at y.

        `within` shrinks it to a width; `spacing` is extra space in ems. Returns the width.
        """
        fine = max(4, int(size * _FINE))
        width = self._length(text, weight, fine, spacing)
        if within and width > within * _FINE:
            fine = max(4, int(fine * within * _FINE / width))
            width = self._length(text, weight, fine, spacing)
        at = x * _FINE - (width / 2 if align == "middle" else 0)
        base = y * _FINE + fine * 0.363  # half of the capital height
        for run, font in text_runs(text, weight, fine):
            for piece in run if spacing else [run]:
                self._pen.text((at, base), piece, fill, font, anchor="ls")
                at += font.getlength(piece) + spacing * fine
        return width / _FINE

    def column(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        fill: Colour,
        *,
        weight: str = "Bold",
        pitch: float = 1.12,
    ) -> None:
        """Write Chinese from top to bottom, the first character's middle at (x, y)."""
        for k, character in enumerate(text):
            self.text(x, y + k * size * pitch, character, size, fill, weight=weight)

    def turned_text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        fill: Colour,
        angle: float,
        *,
        weight: str = "Bold",
        spacing: float = 0.0,
    ) -> None:
        """Write a line turned counter-clockwise about its middle (x, y)."""
        fine = int(size * _FINE)
        width = int(self._length(text, weight, fine, spacing)) + 2 * fine
        stamp = Sheet(width // _FINE + 1, int(size * 3), "#000000")
        stamp.text(
            stamp.width / 2, stamp.height / 2, text, size, "#FFFFFF", weight=weight, spacing=spacing
        )
        mask = stamp._picture.convert("L").rotate(angle, Pillow.Resampling.BICUBIC, expand=True)
        self._picture.paste(Pillow.new("RGB", mask.size, fill), _centred(mask, x, y), mask)

    def barcode(
        self, x: float, y: float, digits: str, module: float, height: float, *, ladder: bool = False
    ) -> None:
        """Draw an EAN-13 with its quiet zone on white, its middle at (x, y).

        `ladder` lays the bars across, as on cans, where they would else bend round the body.
        On the edge of a wrapped sheet it is drawn at both ends.
        """
        code = zxingcpp.create_barcode(digits, zxingcpp.BarcodeFormat.EAN13)
        line = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)
        bars = np.asarray(line)[0] == 0  # 95 modules, dark or not
        width = module * (len(bars) + 18)
        stamp = Sheet(int(width), int(height + module * 14), "#FFFFFF")
        unit = width / (len(bars) + 18) * _FINE
        for k, dark in enumerate(bars):
            if dark:
                left = round((k + 9) * unit)
                box = [
                    left,
                    module * 3 * _FINE,
                    round((k + 10) * unit) - 1,
                    (height + module * 3) * _FINE,
                ]
                stamp._pen.rectangle(box, "#000000")
        at = height + module * 8.4
        stamp.text(width / 2, at, digits, module * 8, "#000000", weight="Medium", spacing=0.18)
        picture = stamp._picture.transpose(Pillow.Transpose.ROTATE_90) if ladder else stamp._picture
        for middle in (x - self.width, x, x + self.width):
            self._picture.paste(picture, _centred(picture, middle, y))

    def small_print(self, box: Sequence[float], colour: Colour, size: float, seed: int) -> None:
        """Grey lines that stand for ingredients, ragged at the right."""
        rng = np.random.default_rng(seed)
        x0, y0, x1, y1 = box
        y = y0
        while y < y1:
            end = x0 + (x1 - x0) * rng.uniform(0.72, 1.0)
            at = x0
            while at < end:
                word = rng.uniform(1.2, 4.2) * size
                self.line([(at, y), (min(at + word, end), y)], colour, size * 0.5)
                at += word + size * 1.1
            y += size * 1.9

    def _length(self, text: str, weight: str, fine: int, spacing: float) -> float:
        natural = sum(font.getlength(run) for run, font in text_runs(text, weight, fine))
        return natural + spacing * fine * (len(text) if spacing else 0)
