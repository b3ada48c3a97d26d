"""What a camera writes into a JPEG beside the picture: place, time, names, other pictures."""

from __future__ import annotations

import io
import re
import struct

from PIL import Image as Pillow

from kiosk.pictures import DAMAGED, orientation_of

_EOI, _SOS, _COM, _APP0, _APP1, _APP15 = 0xD9, 0xDA, 0xFE, 0xE0, 0xE1, 0xEF
# Decoding needs these application segments: pixel density, colour profile, colour transform.
_NEEDED = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_NONE = b"\xff\xff no segment begins so"
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # within a scan's data (ITU T.81, B.1.1.5)


def without_metadata(data: bytes) -> bytes:
    """Return a JPEG without its metadata, losslessly; what is no whole JPEG, as it is.

    EXIF, XMP, comments, thumbnails and whatever follows the picture go. How it is to be turned
    stays, as an EXIF block of that alone, and so do colour profile and density.
    """
    try:
        kept = _needed_segments(data)
        with Pillow.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            turn = orientation_of(picture)
    except DAMAGED:
        return data  # the decoder says what is wrong with it
    head = 1 if kept and kept[0][1] == _APP0 else 0
    return b"".join([b"\xff\xd8", *kept[:head], _exif(turn), *kept[head:]])


def _needed_segments(data: bytes) -> list[bytes]:
    """Each segment after SOI that decoding needs, in order, EOI the last.

    Raises:
        IndexError, struct.error, ValueError: the data is no JPEG, or cut off.
    """
    if data[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    kept: list[bytes] = []
    at = 2
    while True:
        start = at
        while data[at] == 0xFF:
            at += 1
        if at == start:
            raise ValueError("no marker where one should be")
        marker = data[at]
        if marker == _EOI:
            return [*kept, b"\xff\xd9"]
        end = at + 1 + struct.unpack(">H", data[at + 1 : at + 3])[0]
        body = data[at + 3 : end]
        if marker == _SOS:
            found = _NEXT_MARKER.search(data, end)
            if found is None:
                raise ValueError("no end")
            end = found.start()
        is_application = _APP0 <= marker <= _APP15
        if marker != _COM and (not is_application or body.startswith(_NEEDED.get(marker, _NONE))):
            kept.append(b"\xff" + data[at:end])
        at = end


def _exif(turn: int) -> bytes:
    """An APP1 segment that says how to turn the picture; nothing for an upright one."""
    if not 2 <= turn <= 8:
        return b""
    directory = struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, turn, 0, 0)  # one SHORT
    body = b"Exif\0\0" + b"MM\0\x2a" + struct.pack(">I", 8) + directory
    return struct.pack(">BBH", 0xFF, _APP1, len(body) + 2) + body
