"""Frames of the demo camera for pictures of the window."""

from __future__ import annotations

from kiosk.demo import DemoCamera, Show
from kiosk.demo.motion import placement
from kiosk.domain import Image
from kiosk.errors import BugError

SEEDS = 1000
SHARP_TURN = 0.3  # of the way to the next; the camera mixes two from 0.35 on
SHOWS = 4  # among them is one that the shop does not sell


class DemoFrames:
    """Frames of the demo camera in which a hand holds a product; composed once each."""

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
            for show in camera.schedule(SHOWS):
                frame = show.held + round(share * (show.leaving - show.held))
                if show.sku == sku and show.dimming == 0.0 and _is_sharp(show, frame):
                    return camera.still(frame)
        raise BugError(f"No seed of the demo camera shows {sku} soon.")


def _is_sharp(show: Show, frame: int) -> bool:
    """Whether the product is seen at one turn, not between two."""
    where = placement(show, frame)
    return where is not None and abs(where.turn - round(where.turn)) < SHARP_TURN
