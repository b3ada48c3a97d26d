"""`DemoCamera`: a drawn hand shows the demo shop's products; its truth is known."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.camera import Frame
from kiosk.demo.catalogue import DemoProduct
from kiosk.demo.hand import Hand, draw_hand, grip_of, hold
from kiosk.demo.motion import FRAMES_PER_S, SMALLEST_SCALE, Deck, Placement, Show, placement
from kiosk.demo.render import draw_sprite, reach_of
from kiosk.demo.scene import counter
from kiosk.domain import Image

SPRITE_PX_PER_UNIT = 340
_SPRITE_SIDE = 1240
_NOISE_FRAMES = 2
_GRAIN_PX = 256
_PLAY = 0.05  # the hand holds a little higher or lower, in shares of the short side
_CENTRE_LANDSCAPE, _CENTRE_PORTRAIT = 0.47, 0.42  # of the height


@dataclass(frozen=True, eq=False, slots=True)
class Sprite:
    """A hand with a product: premultiplied RGBA, and where the product's middle is (x, y)."""

    pixels: NDArray[np.uint8]
    middle: tuple[float, float]


@dataclass(frozen=True, eq=False, slots=True)
class Reel:
    """The sprites of one show, one for each turn of the hand, all of one size."""

    sprites: tuple[Future[Sprite], ...]

    def at(self, turn: float) -> Sprite:
        """The sprite at a turn; between two it blends them. Waits for the drawing."""
        low = min(int(turn), len(self.sprites) - 1)
        high = min(low + 1, len(self.sprites) - 1)
        share = turn - low
        first = self.sprites[low].result()
        if share < 0.02 or low == high:
            return first
        second = self.sprites[high].result()
        mixed = cv2.addWeighted(first.pixels, 1 - share, second.pixels, share, 0)
        return Sprite(np.asarray(mixed, dtype=np.uint8), first.middle)


class _Studio:
    """Draws the sprites of this show and the next in one thread."""

    def __init__(self, deck: Deck, shows: int | None, arm_px: int) -> None:
        self._deck, self._shows, self._arm_px = deck, shows, arm_px
        self._artist = ThreadPoolExecutor(max_workers=1, thread_name_prefix="demo-artist")
        self._reels: dict[int, Reel] = {}
        self._lock = threading.Lock()
        self._closed = False

    def draw_ahead(self, number: int) -> None:
        """Forget the shows before `number`; begin to draw it and the one after it."""
        with self._lock:
            if self._closed:
                raise CancelledError
            for past in [k for k in self._reels if k < number]:
                del self._reels[past]
            for k in (number, number + 1):
                if k not in self._reels and (self._shows is None or k < self._shows):
                    self._reels[k] = self._reel(k)

    def reel(self, number: int) -> Reel:
        with self._lock:
            return self._reels[number]

    def _reel(self, number: int) -> Reel:
        """Ask the artist for the sprites of a show, in the order of their use."""
        show, thing = self._deck.show(number), self._deck.thing(number)
        hand = self._artist.submit(_hand_of, show, thing, self._arm_px)

        def draw(yaw: float) -> Sprite:
            return _held_sprite(show, thing, yaw, hand.result())

        sprites = [self._artist.submit(draw, yaw) for yaw in show.yaws()]
        return Reel(tuple(sprites))

    def close(self) -> None:
        with self._lock:
            self._closed = True
        self._artist.shutdown(wait=False, cancel_futures=True)


class DemoCamera:
    """A `FrameSource` of `width` x `height` at 30 frames a second, the same for one seed.

    It never ends unless `shows` limits it. `realtime` is False: it returns a frame at once,
    and whoever shows it paces it by `t_ms`. Sprites are drawn one show ahead in a thread.
    """

    realtime = False

    def __init__(
        self, *, width: int = 1280, height: int = 720, seed: int = 0, shows: int | None = None
    ) -> None:
        self.width, self.height = width, height
        self._deck = Deck(seed)
        self._shows = shows
        self._studio: _Studio | None = None
        self._index = 0
        self._number = 0
        self._empty: tuple[Image, ...] = ()

    def schedule(self, shows: int = 40) -> list[Show]:
        """The truth: the first so many shows (no more than the camera has)."""
        limit = shows if self._shows is None else min(shows, self._shows)
        return [self._deck.show(k) for k in range(limit)]

    def truth(self, frame: int) -> Show:
        """The show to which a frame belongs."""
        return next(show for show in map(self._deck.show, count()) if frame <= show.last)

    def still(self, frame: int) -> Image:
        """Any frame by itself, without playing up to it; free of the sensor's grain."""
        show = self.truth(frame)
        image = counter(self.width, self.height).copy()
        where = placement(show, frame)
        if where is not None:
            yaws, thing = show.yaws(), self._deck.thing(show.number)
            yaw = float(np.interp(where.turn, range(len(yaws)), yaws))
            held = _hand_of(show, thing, self._arm_px())
            self._lay(image, _held_sprite(show, thing, yaw, held), where)
        return image

    def open(self) -> None:
        """Begin again at the first frame."""
        self.close()
        self._index = self._number = 0
        self._empty = _noisy(counter(self.width, self.height), _NOISE_FRAMES)
        self._studio = _Studio(self._deck, self._shows, self._arm_px())
        self._studio.draw_ahead(0)

    def read(self) -> Frame | None:
        """The next frame; None after the last show, or when the camera is closed meanwhile."""
        studio = self._studio
        if studio is None:
            return None
        show = self._deck.show(self._number)
        if self._index > show.last:
            self._number += 1
            if self._shows is not None and self._number >= self._shows:
                return None
            show = self._deck.show(self._number)
        try:
            studio.draw_ahead(self._number)
            image = self._picture(studio, show, self._index)
        except CancelledError:
            return None
        frame = Frame(image=image, index=self._index, t_ms=self._index * 1000 // FRAMES_PER_S)
        self._index += 1
        return frame

    def close(self) -> None:
        """Stop drawing ahead; a `read` that waits for a drawing returns None."""
        studio, self._studio = self._studio, None
        if studio is not None:
            studio.close()

    def _picture(self, studio: _Studio, show: Show, index: int) -> Image:
        image = self._empty[(index * 7 + index // 5) % len(self._empty)].copy()
        where = placement(show, index)
        if where is None:
            return image
        self._lay(image, studio.reel(show.number).at(where.turn), where)
        if abs(where.gain - 1) > 0.004:
            cv2.convertScaleAbs(image, dst=image, alpha=where.gain)
        return image

    def _centre(self) -> float:
        """Where products are held, as a share of the height."""
        return _CENTRE_LANDSCAPE if self.width >= self.height else _CENTRE_PORTRAIT

    def _arm_px(self) -> int:
        """How far below the product's middle the arm must reach in a sprite."""
        below = (1 - self._centre()) * self.height / min(self.width, self.height) + _PLAY
        return int(below / SMALLEST_SCALE * SPRITE_PX_PER_UNIT)

    def _lay(self, image: Image, sprite: Sprite, where: Placement) -> None:
        """Warp a sprite to its place and blend it over the picture, within its box only."""
        short = min(self.width, self.height)
        x = self.width / 2 + where.x * short
        y = self.height * self._centre() + where.y * short
        scale = where.scale * short / SPRITE_PX_PER_UNIT
        turn = np.asarray(cv2.getRotationMatrix2D(sprite.middle, where.roll, scale), np.float64)
        turn[:, 2] += (x - sprite.middle[0], y - sprite.middle[1])
        box = _warped_box(turn, sprite.pixels.shape[:2], (self.width, self.height))
        if box is None:
            return
        left, top, right, bottom = box
        turn[:, 2] -= (left, top)
        size = (right - left, bottom - top)
        warped = cv2.warpAffine(sprite.pixels, turn, size, flags=cv2.INTER_LINEAR)
        blur = [1 + 2 * round(abs(v) * short / 2) for v in where.blur]
        if max(blur) > 1:
            warped = cv2.blur(warped, (blur[0], blur[1]))
        _blend(image[top:bottom, left:right], np.asarray(warped, dtype=np.uint8))


def _warped_box(
    turn: NDArray[np.float64], shape: tuple[int, ...], size: tuple[int, int]
) -> tuple[int, int, int, int] | None:
    height, width = shape
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]]) @ turn.T
    left, top = np.floor(corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    left, top = max(0, int(left)), max(0, int(top))
    right, bottom = min(size[0], int(right)), min(size[1], int(bottom))
    return (left, top, right, bottom) if right - left > 1 and bottom - top > 1 else None


def _blend(under: Image, sprite: NDArray[np.uint8]) -> None:
    """Put a premultiplied sprite over a part of a picture, in place."""
    alpha = cv2.extractChannel(sprite, 3)
    rest = cv2.cvtColor(cv2.bitwise_not(alpha), cv2.COLOR_GRAY2RGB)
    kept = cv2.multiply(under, rest, scale=1 / 255)
    under[:] = cv2.add(kept, cv2.cvtColor(sprite, cv2.COLOR_RGBA2RGB))


def _noisy(image: Image, copies: int) -> tuple[Image, ...]:
    """Copies of a picture with the grain of a sensor."""
    rng = np.random.default_rng(3)
    tile = rng.normal(0, 3.0, (_GRAIN_PX, _GRAIN_PX, 3)).astype(np.float32)
    tile = np.asarray(cv2.GaussianBlur(tile, (0, 0), 0.7)).round().astype(np.int16)
    height, width = image.shape[:2]
    tiled = np.tile(tile, (height // _GRAIN_PX + 2, width // _GRAIN_PX + 2, 1))
    out = []
    for _ in range(copies):
        down, across = (int(v) for v in rng.integers(0, _GRAIN_PX, 2))
        grain = tiled[down : down + height, across : across + width]
        out.append(np.clip(image + grain, 0, 255).astype(np.uint8))
    return tuple(out)


@dataclass(frozen=True, eq=False, slots=True)
class _Held:
    """A hand cut to the box of what it holds."""

    hand: Hand
    box: tuple[slice, slice]


def _hand_of(show: Show, thing: DemoProduct, arm_px: int) -> _Held:
    grip = grip_of(thing.body, show.pose((show.yaw_from + show.yaw_to) / 2))
    hand = draw_hand(
        grip, show.light, show.look, height_px=SPRITE_PX_PER_UNIT, side_px=_SPRITE_SIDE
    )
    reach = 1.1 * reach_of(thing.body) * SPRITE_PX_PER_UNIT
    near, far = int(_SPRITE_SIDE / 2 - reach), int(_SPRITE_SIDE / 2 + reach) + 1
    rows, columns = (np.flatnonzero(hand.behind[..., 3].any(axis=axis)) for axis in (1, 0))
    box = (
        slice(near, max(far, min(int(rows[-1]), _SPRITE_SIDE // 2 + arm_px))),
        slice(min(near, int(columns[0])), max(far, int(columns[-1]))),
    )
    return _Held(hand.cut(box), box)


def _held_sprite(show: Show, thing: DemoProduct, yaw: float, held: _Held) -> Sprite:
    product = draw_sprite(
        thing.body, show.pose(yaw), show.light, height_px=SPRITE_PX_PER_UNIT, side_px=_SPRITE_SIDE
    )
    joined = hold(np.ascontiguousarray(product[held.box]), held.hand)
    middle = (_SPRITE_SIDE / 2 - held.box[1].start, _SPRITE_SIDE / 2 - held.box[0].start)
    return Sprite(joined, middle)
