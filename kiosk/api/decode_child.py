"""The child process that decodes pictures: bytes on stdin, pixels on stdout.

It imports little, may take only so much memory, and may crash: `decoding` starts another.
A request is `_REQUEST` and the picture's bytes; an answer is `_ANSWER` and then either the
RGB pixels or a sentence and a next step, separated by a NUL, in UTF-8.
"""

from __future__ import annotations

import struct
import sys
from typing import BinaryIO

import numpy as np
from PIL import Image as Pillow

from kiosk.domain import Image

REQUEST = struct.Struct(">IIII")
"""Bytes that follow, most pixels, longest side wanted, shortest side that is enough (0: any)."""
ANSWER = struct.Struct(">BIIII")
"""1, height and width of what follows and of the whole picture; or 0, and how many bytes follow."""


def main() -> None:
    """Answer requests until stdin ends. The argument is the memory allowance in megabytes."""
    from kiosk.errors import PictureError
    from kiosk.pictures import decode_reduced

    _limit_memory(int(sys.argv[1]))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while header := source.read(REQUEST.size):
        size, max_pixels, side, shortest = REQUEST.unpack(header)
        data = source.read(size)
        try:
            image, width, height = decode_reduced(data, shortest, max_pixels=max_pixels)
            if side and side < max(image.shape):
                image = _shrunk(image, side)
        except PictureError as error:
            _refuse(sink, error.message, error.next_step)
        except MemoryError:
            _refuse(sink, "The picture needs too much memory.", "Make it smaller.")
        else:
            sink.write(ANSWER.pack(1, *image.shape[:2], height, width))
            sink.write(image.data if image.flags.c_contiguous else image.tobytes())
            sink.flush()
        data = image = None  # type: ignore[assignment]  # freed before the next one comes


def _shrunk(image: Image, side: int) -> Image:
    """Longest side at most `side`. With Pillow, since OpenCV may not fit into the allowance."""
    picture = Pillow.fromarray(image)
    picture.thumbnail((side, side), Pillow.Resampling.BOX)
    return np.asarray(picture, dtype=np.uint8)


def _refuse(sink: BinaryIO, message: str, next_step: str) -> None:
    text = f"{message}\0{next_step}".encode("utf-8", "replace")
    sink.write(ANSWER.pack(0, len(text), 0, 0, 0))
    sink.write(text)
    sink.flush()


def _limit_memory(allowance_mb: int) -> None:
    try:
        import resource
        from pathlib import Path

        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (ImportError, OSError):
        return  # no such limit on this system; the pixel limit still holds
    limit = pages * resource.getpagesize() + allowance_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
