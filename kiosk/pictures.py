"""The one decoder: bytes or a file in, an upright RGB picture out.

The header is read before anything is decoded, so that a small file cannot ask
for gigabytes, and only JPEG, PNG and WebP reach a decoder at all.
"""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path
from typing import Final, NamedTuple

# Before cv2 is imported: its own limit is 2^30 pixels.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", "50000000")

import numpy as np
from PIL import Image as Pillow

from kiosk.domain import Image
from kiosk.errors import PictureError

MAX_PIXELS = 50_000_000  # 150 MB decoded; more than any phone's photo had; chosen by eye
MAX_SCANS = 100  # encoders write 10 or so; each costs up to 10 ms; chosen by eye
PICTURE_SUFFIXES: Final = frozenset((".jpg", ".jpeg", ".png", ".webp"))
_ORIENTATION_TAG = 0x0112
_TURNS = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}
_SIDEWAYS = frozenset((5, 6, 7, 8))
# What Pillow's parsers raise on damaged files, and what its decoders do.
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
    Pillow.DecompressionBombError,
    Warning,  # where warnings are errors: too large, broken EXIF
)
_OTHER_FORMAT = "Use a JPEG, PNG or WebP picture."


class Decoded(NamedTuple):
    """A picture, perhaps reduced; `width` and `height` are those of the whole one, upright."""

    image: Image
    width: int
    height: int


def decode_picture(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Image:
    """Decode JPEG, PNG or WebP bytes to RGB, uint8 (h, w, 3), turned by its EXIF.

    Transparent parts become white; of an animation the first frame is taken.

    Raises:
        PictureError: empty, truncated, damaged, of another format, or larger
            than `max_pixels`.
    """
    return decode_reduced(data, 0, max_pixels=max_pixels).image


def decode_reduced(data: bytes, shortest: int, *, max_pixels: int = MAX_PIXELS) -> Decoded:
    """As `decode_picture`, at a half, quarter or eighth of the size where that is enough.

    The shorter side keeps at least `shortest` pixels; 0 asks for the whole picture. A large
    JPEG is read that small at once, which takes a fraction of the time and the memory.
    """
    picture, width, height = load_upright(data, shortest, max_pixels=max_pixels)
    return Decoded(np.array(picture, dtype=np.uint8), width, height)


def load_upright(
    data: bytes, shortest: int, *, max_pixels: int = MAX_PIXELS
) -> tuple[Pillow.Image, int, int]:
    """As `decode_reduced`, as Pillow's RGB picture, beside the whole one's width and height."""
    form, width, height = _read_header(data)
    _check_size(width, height, max_pixels)
    try:
        with Pillow.open(io.BytesIO(data), formats=(form,)) as picture:
            _check_size(picture.width, picture.height, max_pixels)
            orientation = orientation_of(picture)
            width, height = picture.size
            factor = _reduction(picture.size, shortest)
            if factor > 1:
                picture.draft(None, (width // factor, height // factor))  # a JPEG's alone
            picture.load()
            upright = _to_rgb(picture)
    except MemoryError as error:
        raise PictureError(
            f"There is not enough memory for a picture of {width} x {height} pixels.",
            next_step="Make it smaller.",
        ) from error
    except DAMAGED as error:
        raise PictureError(
            f"The {form} picture is damaged or cut off: {error}.",
            next_step="Take or download it again.",
        ) from error
    if factor > 1 and upright.size == (width, height):
        upright = upright.reduce(factor)
    if orientation in _TURNS:
        upright = upright.transpose(_TURNS[orientation])
    if orientation in _SIDEWAYS:
        width, height = height, width
    return upright, width, height


def _reduction(size: tuple[int, int], shortest: int) -> int:
    """8, 4 or 2 if the shorter side keeps `shortest` pixels then, else 1."""
    return next((f for f in (8, 4, 2) if shortest and min(size) // f >= shortest), 1)


def read_picture(path: Path, *, max_pixels: int = MAX_PIXELS) -> Image:
    """Decode the file at `path`; see `decode_picture`.

    Raises:
        PictureError: as `decode_picture`, or the file cannot be read; the message
            names the file.
    """
    data = read_bytes(path)
    try:
        return decode_picture(data, max_pixels=max_pixels)
    except PictureError as error:
        raise PictureError(f"{path}: {error.message}", next_step=error.next_step) from error


def read_bytes(path: Path) -> bytes:
    """The file's bytes.

    Raises:
        PictureError: the file cannot be read; the message names it.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise PictureError(
            f"{path} cannot be read: {error.strerror or error}.",
            next_step="Check the path and the permissions.",
        ) from error


def encode_jpeg(image: Image, quality: int = 92) -> bytes:
    """Encode an RGB picture, uint8 (h, w, 3), as JPEG; `quality` is 1 to 100."""
    stream = io.BytesIO()
    Pillow.fromarray(np.ascontiguousarray(image)).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def fit_within(image: Image, side: int) -> Image:
    """Shrink an RGB picture so that its longest side is at most `side` pixels."""
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    import cv2  # not at the top: most processes never shrink, and it takes 15 MB

    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _check_size(width: int, height: int, max_pixels: int) -> None:
    if width < 1 or height < 1:
        raise PictureError("The picture has no pixels.", next_step=_OTHER_FORMAT)
    if width * height > max_pixels:
        raise PictureError(
            f"The picture has {width} x {height} pixels; at most {max_pixels:,} pixels are taken.",
            next_step="Make it smaller.",
        )


def _check_scans(data: bytes) -> None:
    """Refuse a JPEG that asks for more passes over the picture than any encoder writes.

    Within a scan's data every 0xFF is followed by a zero, so that the marker begins a scan.
    """
    scans = data.count(b"\xff\xda")
    if scans > MAX_SCANS:
        raise PictureError(
            f"The JPEG picture has {scans} scans; at most {MAX_SCANS} are taken.",
            next_step="Save it again as an ordinary JPEG.",
        )


def orientation_of(picture: Pillow.Image) -> int:
    """How EXIF says that the picture is to be turned, 1 (upright) to 8."""
    try:
        return int(picture.getexif().get(_ORIENTATION_TAG, 1))
    except DAMAGED:
        return 1  # a broken EXIF block does not make the picture useless


def _to_rgb(picture: Pillow.Image) -> Pillow.Image:
    if picture.mode.startswith("I"):  # 16-bit grey: Pillow would clip at 255
        high_bytes = np.clip(np.asarray(picture).astype(np.int64) >> 8, 0, 255)
        return Pillow.fromarray(high_bytes.astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        paper = Pillow.new("RGBA", seen.size, (255, 255, 255, 255))
        return Pillow.alpha_composite(paper, seen).convert("RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _read_header(data: bytes) -> tuple[str, int, int]:
    """The format by its first bytes, and width and height without decoding."""
    if not data:
        raise PictureError("The picture is empty (0 bytes).", next_step=_OTHER_FORMAT)
    try:
        if data[:8] == b"\x89PNG\r\n\x1a\n":
            return ("PNG", *struct.unpack(">II", data[16:24]))
        if data[:3] == b"\xff\xd8\xff":
            _check_scans(data)
            return ("JPEG", *_jpeg_size(data))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return ("WEBP", *_webp_size(data))
    except (struct.error, IndexError) as error:
        raise PictureError(
            "The picture is cut off within its header.", next_step="Take or download it again."
        ) from error
    raise PictureError("This is not a JPEG, PNG or WebP picture.", next_step=_OTHER_FORMAT)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while True:
        while data[at] != 0xFF:
            at += 1
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 3 : at + 7])
            return width, height
        if marker not in (0x00, 0x01) and not 0xD0 <= marker <= 0xD8:
            at += struct.unpack(">H", data[at : at + 2])[0]


def _webp_size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        low_w, high_w, low_h, high_h = struct.unpack("<HBHB", data[24:30])
        return (low_w | high_w << 16) + 1, (low_h | high_h << 16) + 1
    if kind == b"VP8L":
        bits = struct.unpack("<I", data[21:25])[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF
