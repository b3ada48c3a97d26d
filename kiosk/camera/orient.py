"""Turning pictures at the seam, for cameras that are mounted on their side."""

from __future__ import annotations

import numpy as np

from kiosk.camera.frames import Frame, FrameSource
from kiosk.domain import Image
from kiosk.errors import CameraError

ROTATIONS = (0, 90, 180, 270)


def turn(image: Image, *, mirror: bool, rotation: int) -> Image:
    """Rotate clockwise by `rotation` degrees, then swap left and right; contiguous."""
    turned = np.rot90(image, k=-(rotation // 90)) if rotation else image
    return np.ascontiguousarray(turned[:, ::-1] if mirror else turned)


class OrientedSource:
    """Another source, turned."""

    def __init__(self, source: FrameSource, *, mirror: bool, rotation: int) -> None:
        if rotation not in ROTATIONS:
            raise CameraError(
                f"A camera cannot be turned by {rotation} degrees.",
                next_step="Choose 0, 90, 180 or 270.",
            )
        self._source = source
        self._mirror = mirror
        self._rotation = rotation

    @property
    def realtime(self) -> bool:
        return self._source.realtime

    def open(self) -> None:
        self._source.open()

    def read(self) -> Frame | None:
        frame = self._source.read()
        if frame is None:
            return None
        image = turn(frame.image, mirror=self._mirror, rotation=self._rotation)
        return Frame(image, frame.index, frame.t_ms)

    def close(self) -> None:
        self._source.close()
