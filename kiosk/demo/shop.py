"""The demo shop: its products drawn as staff would photograph them, and enrolled."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

import cv2
import numpy as np

from kiosk.demo.catalogue import DEMO_STOCK, DEMO_UNSTOCKED, DemoProduct, demo_products
from kiosk.demo.hand import draw_hand, grip_of, hold, premultiplied
from kiosk.demo.light import Light
from kiosk.demo.raster import Pose
from kiosk.demo.render import FINE_SAMPLES, SAMPLES, draw_sprite
from kiosk.demo.scene import contact_shadow, counter
from kiosk.domain import Image
from kiosk.errors import BugError

if TYPE_CHECKING:
    from kiosk.catalog import CatalogStore
    from kiosk.shop import Shop

__all__ = [
    "DEMO_STOCK",
    "DEMO_UNSTOCKED",
    "VIEWS",
    "build_demo_shop",
    "demo_products",
    "draw",
    "missing_products",
]

Progress = Callable[[int, int], None]

VIEWS = ("front", "left", "right", "back", "top")
"""The angles at which staff photograph a product; the first is the cover."""

_POSES = {
    "front": Pose(yaw=0, pitch=9),
    "left": Pose(yaw=38, pitch=12, roll=3),
    "right": Pose(yaw=-38, pitch=10, roll=-4),
    "back": Pose(yaw=180, pitch=9),
    "top": Pose(yaw=-8, pitch=36),
}
_IN_HAND = {"left", "right"}
# None of these is among the lights of the demo camera.
_LAMPS = (
    Light(azimuth=-28, elevation=50, key=0.64, ambient=0.68),
    Light(azimuth=22, elevation=38, key=0.58, ambient=0.66, warmth=0.25, window=0.9),
)
_SIDE_PX = 540
_PX_PER_UNIT = 400
_AHEAD = 4  # products


def draw(thing: DemoProduct, view: str) -> Image:
    """Draw one staff photo: RGB, 540 x 540, the same at every call.

    Front, back and top stand on the counter; left and right are held up. Light, angle and
    size differ from what the demo camera shows.

    Raises:
        BugError: `view` is none of VIEWS.
    """
    if view not in _POSES:
        raise BugError(f"there is no view {view!r}; there are {', '.join(VIEWS)}")
    rng = np.random.default_rng(zlib.crc32(f"{thing.product.sku} {view}".encode()))
    pose = _nudged(_POSES[view], rng)
    lamp = _LAMPS[int(rng.integers(len(_LAMPS)))]
    scale = thing.size * float(rng.uniform(0.94, 1.04))
    scene = _place(rng)
    if view in _IN_HAND:
        return _held_up(thing, scene, pose, lamp, _PX_PER_UNIT * scale, int(rng.integers(20)))
    samples = FINE_SAMPLES if view == "back" and thing.printed else SAMPLES
    return _standing(thing, scene, pose, lamp, _PX_PER_UNIT * scale, samples)


def _nudged(pose: Pose, rng: np.random.Generator) -> Pose:
    yaw, pitch, roll = rng.uniform(-5, 5), rng.uniform(-2, 4), rng.uniform(-2, 2)
    return Pose(pose.yaw + yaw, pose.pitch + pitch, pose.roll + roll)


def _place(rng: np.random.Generator) -> Image:
    """A square of the counter, from another shelf than the demo camera sees."""
    scene = counter(1280, 720, 1)
    left = int(rng.integers(0, 1280 - 640))
    crop = np.ascontiguousarray(scene[60:700, left : left + 640])
    return np.asarray(
        cv2.resize(crop, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA), np.uint8
    )


def _standing(
    thing: DemoProduct, scene: Image, pose: Pose, lamp: Light, px: float, samples: float
) -> Image:
    sprite = draw_sprite(thing.body, pose, lamp, height_px=px, side_px=_SIDE_PX, samples=samples)
    rows, columns = (np.flatnonzero((sprite[..., 3] > 127).any(axis=axis)) for axis in (1, 0))
    shift = int(_SIDE_PX / 2 - (rows[0] + rows[-1]) / 2)
    foot = int(rows[-1]) + shift
    half = (int(columns[-1]) - int(columns[0])) / 2
    contact_shadow(scene, float(columns.mean()), foot - half * 0.06, half)
    return _over(scene, np.roll(premultiplied(sprite), shift, axis=0))


def _held_up(
    thing: DemoProduct, scene: Image, pose: Pose, lamp: Light, px: float, look: int
) -> Image:
    side = int(_SIDE_PX * 1.5)
    hand = draw_hand(grip_of(thing.body, pose), lamp, look, height_px=px, side_px=side)
    product = draw_sprite(thing.body, pose, lamp, height_px=px, side_px=side)
    held = hold(product, hand)
    edge = (side - _SIDE_PX) // 2
    return _over(scene, held[edge + 20 : edge + 20 + _SIDE_PX, edge : edge + _SIDE_PX])


def _over(scene: Image, sprite: Image) -> Image:
    rest = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(sprite, 3)), cv2.COLOR_GRAY2RGB)
    kept = cv2.multiply(scene, rest, scale=1 / 255)
    return np.asarray(cv2.add(kept, cv2.cvtColor(sprite, cv2.COLOR_RGBA2RGB)), dtype=np.uint8)


def build_demo_shop(shop: Shop, on_progress: Progress | None = None) -> None:
    """Fill the catalogue with the demo products and their drawn photos.

    What is there already is left alone, so that a second call costs next to nothing and an
    interrupted one goes on. `on_progress(done, total)` counts products.
    """
    missing = missing_products(shop.catalog)
    done = len(DEMO_STOCK) - len(missing)
    _tell(on_progress, done)
    for thing, pictures in _drawn(missing):
        shop.enrol(thing.product, pictures)
        done += 1
        _tell(on_progress, done)


def missing_products(store: CatalogStore) -> list[DemoProduct]:
    """What `build_demo_shop` would still have to draw."""
    known = {product.sku for product in store.products(active=None)}
    return [
        thing
        for thing in DEMO_STOCK
        if thing.product.sku not in known or len(store.photos(thing.product.sku)) < len(VIEWS)
    ]


def _drawn(things: Sequence[DemoProduct]) -> Iterator[tuple[DemoProduct, list[Image]]]:
    """Products with their photos in VIEWS' order; two artists draw a few products ahead."""
    waiting: deque[tuple[DemoProduct, Future[list[Image]]]] = deque()
    rest = iter(things)
    # Drawing lets go of the interpreter for most of its time.
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="demo-artist") as artists:
        try:
            while True:
                for thing in islice(rest, _AHEAD - len(waiting)):
                    waiting.append((thing, artists.submit(_all_views, thing)))
                if not waiting:
                    return
                thing, pictures = waiting.popleft()
                yield thing, pictures.result()
        finally:
            artists.shutdown(wait=True, cancel_futures=True)


def _all_views(thing: DemoProduct) -> list[Image]:
    return [draw(thing, view) for view in VIEWS]


def _tell(on_progress: Progress | None, done: int) -> None:
    if on_progress is not None:
        on_progress(done, len(DEMO_STOCK))
