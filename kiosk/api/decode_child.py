"""The child process that decodes pictures: requests on stdin, pixels on stdout.

It imports little, may take only so much memory, and may crash: `decoding` starts another.
A request is a message DECODE with the picture's bytes, its numbers the most pixels, the
longest side wanted (0: any) and the shortest side that is enough (0: any). The answer is an
IMAGE, its numbers height and width of what follows and of the whole picture; or a FAULT with
a sentence and a next step, separated by a NUL.
"""

from __future__ import annotations

import sys

import numpy as np
from PIL import Image as Pillow

from kiosk.domain import Image
from kiosk.pipes import PipeClosedError, receive, send_fault, send_image

DECODE = b"DECO"


def main() -> None:
    """Answer requests until stdin ends. The argument is the memory allowance in megabytes."""
    from kiosk.errors import PictureError
    from kiosk.pictures import decode_reduced

    _limit_memory(int(sys.argv[1]))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            request = receive(source)
        except PipeClosedError:
            return
        max_pixels, side, shortest, _ = request.numbers
        data = request.payload.tobytes()
        try:
            image, width, height = decode_reduced(data, shortest, max_pixels=max_pixels)
            if side and side < max(image.shape):
                image = _shrunk(image, side)
        except PictureError as error:
            send_fault(sink, f"{error.message}\0{error.next_step}")
        except MemoryError:
            send_fault(sink, "The picture needs too much memory.\0Make it smaller.")
        else:
            send_image(sink, image, height, width)
        request = data = image = None  # type: ignore[assignment]  # freed before the next one


def _shrunk(image: Image, side: int) -> Image:
    """Longest side at most `side`. With Pillow, since OpenCV may not fit into the allowance."""
    picture = Pillow.fromarray(image)
    picture.thumbnail((side, side), Pillow.Resampling.BOX)
    return np.asarray(picture, dtype=np.uint8)


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
