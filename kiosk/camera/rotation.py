"""Rotating pictures as they are read, for cameras that are mounted on their side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kiosk.camera.frames import Frame, FrameSource
from kiosk.domain import Image


def rotate(image: Image, degrees: int) -> Image:
    """Rotate clockwise by 0, 90, 180 or 270 degrees; contiguous."""
    return np.ascontiguousarray(np.rot90(image, k=-(degrees // 90)))


class RotatedSource:
    """Another source, rotated clockwise by what `degrees()` returns at each frame."""

    def __init__(self, source: FrameSource, degrees: Callable[[], int]) -> None:
        self._source = source
        self._degrees = degrees

    @property
    def realtime(self) -> bool:
        return self._source.realtime

    def open(self) -> None:
        self._source.open()

    def read(self) -> Frame | None:
        frame, degrees = self._source.read(), self._degrees()
        if frame is None or degrees == 0:
            return frame
        return Frame(rotate(frame.image, degrees), frame.index, frame.t_ms)

    def close(self) -> None:
        self._source.close()
