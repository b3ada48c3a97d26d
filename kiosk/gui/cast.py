"""Frames of the demo camera for pictures of the window."""

from __future__ import annotations

import cv2
import numpy as np

from kiosk.demo.camera import DemoCamera
from kiosk.domain import Image
from kiosk.errors import BugError

SEEDS = 3000


class Cast:
    """Frames of the demo camera in which a hand holds a product; drawn once each."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._frames: dict[tuple[str, float], Image] = {}

    def held(self, sku: str, share: float = 0.5) -> Image:
        """The product at that share, 0 to 1, of the time that it is held."""
        if (sku, share) not in self._frames:
            self._frames[sku, share] = self._draw(sku, share)
        return self._frames[sku, share]

    def empty(self) -> Image:
        camera = DemoCamera(width=self._size[0], height=self._size[1])
        camera.open()
        frame = camera.read()
        camera.close()
        if frame is None:
            raise BugError("The demo camera has no first frame.")
        return frame.image

    def _draw(self, sku: str, share: float) -> Image:
        for seed in range(SEEDS):
            camera = DemoCamera(width=self._size[0], height=self._size[1], seed=seed)
            show = camera.schedule(1)[0]
            if show.sku == sku and show.dimming == 0.0:
                break
        else:
            raise BugError(f"No seed of the demo camera begins with {sku}.")
        camera.open()
        image: Image = np.zeros((1, 1, 3), np.uint8)
        for _ in range(round(show.held + share * (show.leaving - show.held))):
            frame = camera.read()
            if frame is not None:
                image = frame.image
        camera.close()
        # Without the sensor's grain a picture of the window is a third of the size.
        return np.asarray(cv2.bilateralFilter(image, 7, 12, 5), np.uint8)
