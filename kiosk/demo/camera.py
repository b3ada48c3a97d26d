"""`DemoCamera`: a hand shows the demo shop's products; what each frame shows is known."""

from __future__ import annotations

from itertools import count

import cv2
import numpy as np

from kiosk.camera import Frame
from kiosk.demo.compose import Sprite, lay
from kiosk.demo.motion import FRAMES_PER_S, Placement, Schedule, Show, placement
from kiosk.demo.stock import (
    HELD_MIDDLE,
    PX_PER_UNIT,
    background,
    demo_products,
    held_sprite,
    strangers,
)
from kiosk.domain import Image

_NOISE_FRAMES = 2
_GRAIN_PX = 256
_GRAIN_SIGMA = 3.0  # grey levels before smoothing; chosen by eye
_FADE_FROM = 0.35  # of the way between two turns: longer shows two prints, shorter jerks
_CENTRE_LANDSCAPE, _CENTRE_PORTRAIT = 0.47, 0.42  # of the height: in the reticle


class DemoCamera:
    """A `FrameSource` of `width` x `height` at 30 frames a second, the same for one seed.

    It never ends unless `shows` limits it. `realtime` is False: it returns a frame at once,
    and whoever shows it paces it by `t_ms`.
    """

    realtime = False

    def __init__(
        self, *, width: int = 1280, height: int = 720, seed: int = 0, shows: int | None = None
    ) -> None:
        self.width, self.height = width, height
        self._schedule = Schedule([product.sku for product in demo_products()], strangers(), seed)
        self._shows = shows
        self._index = 0
        self._number = 0
        self._empty: tuple[Image, ...] = ()

    @property
    def round_shows(self) -> int:
        """After so many shows each product was shown once."""
        return self._schedule.round_shows

    def schedule(self, shows: int = 40) -> list[Show]:
        """Return the truth: the first so many shows (no more than the camera has)."""
        limit = shows if self._shows is None else min(shows, self._shows)
        return [self._schedule.show(k) for k in range(limit)]

    def truth(self, frame: int) -> Show:
        """Return the show to which a frame belongs."""
        return next(show for show in map(self._schedule.show, count()) if frame <= show.last)

    def still(self, frame: int) -> Image:
        """Compose any frame by itself; free of the sensor's grain and of dimming."""
        image = background(self.width, self.height).copy()
        self._put(image, self.truth(frame), frame)
        return image

    def open(self) -> None:
        """Begin again at the first frame."""
        self._index = self._number = 0
        self._empty = _noisy(background(self.width, self.height), _NOISE_FRAMES)

    def read(self) -> Frame | None:
        """Return the next frame; None after the last show, and while the camera is closed."""
        show, empty = self._schedule.show(self._number), self._empty
        if self._index > show.last:
            self._number += 1
            show = self._schedule.show(self._number)
        if not empty or self._number == self._shows:
            return None
        image = empty[(self._index * 7 + self._index // 5) % len(empty)].copy()
        where = self._put(image, show, self._index)
        if where is not None and abs(where.gain - 1) > 0.004:
            cv2.convertScaleAbs(image, dst=image, alpha=where.gain)
        frame = Frame(image=image, index=self._index, t_ms=self._index * 1000 // FRAMES_PER_S)
        self._index += 1
        return frame

    def close(self) -> None:
        """End: `read` returns None from now on."""
        self._empty = ()

    def _put(self, image: Image, show: Show, frame: int) -> Placement | None:
        """Lay the hand with its product over the empty scene, in place; says where."""
        where = placement(show, frame)
        if where is None:
            return None
        short = min(self.width, self.height)
        centre = _CENTRE_LANDSCAPE if self.width >= self.height else _CENTRE_PORTRAIT
        lay(
            image,
            _turned(show, where.turn),
            HELD_MIDDLE,
            (self.width / 2 + where.x * short, self.height * centre + where.y * short),
            roll=where.roll,
            scale=where.scale * short / PX_PER_UNIT,
            smear=(where.blur[0] * short, where.blur[1] * short),
        )
        return where


def _turned(show: Show, turn: float) -> Sprite:
    """The sprite nearest to a turn of TURNS; half way between two it fades over."""
    low = int(turn)
    share = min(max((turn - low - _FADE_FROM) / (1 - 2 * _FADE_FROM), 0.0), 1.0)
    if share in (0.0, 1.0):
        return held_sprite(show.sku, low + int(share), show.warmth)
    first, second = (held_sprite(show.sku, low + k, show.warmth) for k in (0, 1))
    return np.asarray(cv2.addWeighted(first, 1 - share, second, share, 0), dtype=np.uint8)


def _noisy(image: Image, copies: int) -> tuple[Image, ...]:
    """Copies of a picture with the grain of a sensor."""
    rng = np.random.default_rng(3)
    tile = rng.normal(0, _GRAIN_SIGMA, (_GRAIN_PX, _GRAIN_PX, 3)).astype(np.float32)
    tile = np.asarray(cv2.GaussianBlur(tile, (0, 0), 0.7)).round().astype(np.int16)
    height, width = image.shape[:2]
    tiled = np.tile(tile, (height // _GRAIN_PX + 2, width // _GRAIN_PX + 2, 1))
    out = []
    for _ in range(copies):
        down, across = (int(v) for v in rng.integers(0, _GRAIN_PX, 2))
        grain = tiled[down : down + height, across : across + width]
        out.append(np.clip(image + grain, 0, 255).astype(np.uint8))
    return tuple(out)
