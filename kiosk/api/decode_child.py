"""The child process that decodes pictures: requests on stdin, pixels on stdout.

It imports little, may take only so much memory, and may crash: `decoding` starts another.
A request is a message FIT with the picture's bytes, its numbers the most pixels and a
`Fitting`, or DECODE, with the most pixels and the longest side wanted. The answer is an
IMAGE, its numbers height and width of what follows and of the whole picture; or a FAULT with
a sentence and a next step, separated by a NUL.
"""

from __future__ import annotations

import sys

import numpy as np
from PIL import Image as Pillow

from kiosk.errors import PictureError
from kiosk.fitting import Fitting, decode_fitted
from kiosk.pictures import Decoded, load_upright
from kiosk.pipes import Message, PipeClosedError, receive, send_fault, send_image

DECODE, FIT = b"DECO", b"FITT"


def main() -> None:
    """Answer requests until stdin ends. The argument is the memory allowance in megabytes."""
    _limit_memory(int(sys.argv[1]))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            request = receive(source)
        except PipeClosedError:
            return
        try:
            image, width, height = _decoded(request)
        except PictureError as error:
            send_fault(sink, f"{error.message}\0{error.next_step}")
        except MemoryError:
            send_fault(sink, "The picture needs too much memory.\0Make it smaller.")
        else:
            send_image(sink, image, height, width)
        request = image = None  # type: ignore[assignment]  # freed before the next one


def _decoded(request: Message) -> Decoded:
    max_pixels, *numbers = request.numbers
    data = request.payload.tobytes()
    if request.kind == FIT:
        return decode_fitted(data, Fitting.of(*numbers), max_pixels=max_pixels)
    picture, width, height = load_upright(data, 0, max_pixels=max_pixels)
    # With Pillow, since OpenCV may not fit into the allowance.
    picture.thumbnail((numbers[0], numbers[0]), Pillow.Resampling.BOX)
    return Decoded(np.asarray(picture, dtype=np.uint8), width, height)


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
