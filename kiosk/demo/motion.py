"""When the demo camera shows what, and how the hand moves: pure functions of the frame."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import cos, pi, sin

import numpy as np

from kiosk.demo.catalogue import DEMO_STOCK, DEMO_UNSTOCKED, DemoProduct
from kiosk.demo.light import Light
from kiosk.demo.raster import Pose

FRAMES_PER_S = 30
TURN_STEP_DEG = 5.0
SMALLEST_SCALE = 0.54  # of an object unit against the picture's short side
_STOCKED_BETWEEN = 4  # after so many of its products comes one that the shop does not sell

ROUND_SHOWS = len(DEMO_STOCK) + (len(DEMO_STOCK) + 2) // _STOCKED_BETWEEN

LIGHTS = (
    Light(azimuth=-40, elevation=40, warmth=0.2),
    Light(azimuth=30, elevation=55, key=0.60, ambient=0.70, warmth=-0.35),
    Light(azimuth=50, elevation=25, key=0.55, ambient=0.66, warmth=0.7),
    Light(azimuth=-15, elevation=65, key=0.72, ambient=0.60, warmth=0.1),
    Light(azimuth=-60, elevation=20, key=0.60, ambient=0.58, warmth=0.4, window=0.8),
)


class Phase(StrEnum):
    """What the hand is doing."""

    EMPTY = "empty"
    ENTERING = "entering"
    HELD = "held"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Show:
    """One presentation: the truth about frames `first` to `last` (both inside).

    `sku` names what is shown; `stocked` is False for what the shop does not sell. The hand
    enters from `entering`, holds from `held`, leaves from `leaving`, and the scene is empty
    again from `gone` on.
    """

    number: int
    sku: str
    stocked: bool
    first: int
    entering: int
    held: int
    leaving: int
    gone: int
    last: int
    yaw_from: float
    yaw_to: float
    pitch: float
    roll: float
    scale: float
    offset: tuple[float, float]
    side: int
    light: Light
    dimming: float
    look: int

    def phase(self, frame: int) -> Phase:
        """What the hand does in a frame of this show."""
        if frame < self.entering or frame >= self.gone:
            return Phase.EMPTY
        if frame < self.held:
            return Phase.ENTERING
        return Phase.HELD if frame < self.leaving else Phase.LEAVING

    def yaws(self) -> tuple[float, ...]:
        """The turns to draw, in the order of their use."""
        steps = max(1, round(abs(self.yaw_to - self.yaw_from) / TURN_STEP_DEG))
        return tuple(float(v) for v in np.linspace(self.yaw_from, self.yaw_to, steps + 1))

    def pose(self, yaw: float) -> Pose:
        return Pose(yaw=yaw, pitch=self.pitch, roll=self.roll)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the held thing is in one frame, in shares of the picture's short side.

    `turn` counts along `Show.yaws`; `blur` is the smear of the movement (across, down).
    """

    x: float
    y: float
    roll: float
    scale: float
    turn: float
    blur: tuple[float, float]
    gain: float


class Deck:
    """The endless order of shows for one seed."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._show = lru_cache(maxsize=64)(self._deal)

    def show(self, number: int) -> Show:
        """Return the show of that number, counted from 0."""
        return self._show(number)

    def thing(self, number: int) -> DemoProduct:
        """Return what that show holds up."""
        round_, place = divmod(number, ROUND_SHOWS)
        return _order(self._seed, round_)[place]

    def _deal(self, number: int) -> Show:
        first = self._show(number - 1).last + 1 if number else 0
        rng = np.random.default_rng([self._seed, number])
        entering = first + int(rng.integers(16, 28))
        held = entering + int(rng.integers(11, 17))
        leaving = held + int(rng.integers(66, 92))
        gone = leaving + int(rng.integers(9, 13))
        thing = self.thing(number)
        start = float(rng.uniform(-26, 26))
        end = start + float(rng.uniform(18, 34)) * (-1 if start > 0 else 1)
        return Show(
            number=number,
            sku=thing.product.sku,
            stocked=thing in DEMO_STOCK,
            first=first,
            entering=entering,
            held=held,
            leaving=leaving,
            gone=gone,
            last=gone + int(rng.integers(4, 9)),
            yaw_from=start,
            yaw_to=end,
            pitch=float(rng.uniform(4, 20)),
            roll=float(rng.uniform(-9, 9)),
            scale=max(float(rng.uniform(0.63, 0.74)) * thing.size, SMALLEST_SCALE),
            offset=(float(rng.uniform(-0.05, 0.05)), float(rng.uniform(-0.03, 0.03))),
            side=int(rng.choice([-1, 1, 0])),
            light=LIGHTS[int(rng.integers(len(LIGHTS)))],
            dimming=float(rng.choice([0.0, 0.0, -0.18, 0.14])),
            look=int(rng.integers(20)),
        )


@lru_cache(maxsize=4)
def _order(seed: int, round_: int) -> tuple[DemoProduct, ...]:
    """Every product once, and after each few one that is not in stock."""
    rng = np.random.default_rng([seed, 7, round_])
    shuffled = [DEMO_STOCK[int(k)] for k in rng.permutation(len(DEMO_STOCK))]
    order: list[DemoProduct] = []
    for k, product in enumerate(shuffled, 1):
        order.append(product)
        if k % _STOCKED_BETWEEN == 2:
            order.append(DEMO_UNSTOCKED[(k // _STOCKED_BETWEEN + round_) % len(DEMO_UNSTOCKED)])
    return tuple(order)


def placement(show: Show, frame: int) -> Placement | None:
    """Where the hand is in a frame, or None while the scene is empty."""
    here = _path(show, frame)
    if here is None:
        return None
    before = _path(show, frame - 1) or here
    t = frame / FRAMES_PER_S
    tremor_x = 0.0022 * sin(2 * pi * 2.3 * t + show.number) + 0.0012 * sin(2 * pi * 6.1 * t)
    tremor_y = 0.0020 * sin(2 * pi * 1.9 * t + 1.3) + 0.0011 * sin(2 * pi * 7.3 * t + show.number)
    share = _share(frame, show.held + 22, show.held + 58)
    dip = _share(frame, show.held + 14, show.held + 30) - _share(
        frame, show.leaving - 24, show.leaving
    )
    return Placement(
        x=here[0] + tremor_x,
        y=here[1] + tremor_y,
        roll=1.2 * sin(2 * pi * 0.8 * t + show.number),
        scale=show.scale * (1 + 0.015 * sin(2 * pi * 0.5 * t + show.number)),
        turn=share * (len(show.yaws()) - 1),
        # Half the way of a frame: the shutter is open for half its time.
        blur=((here[0] - before[0]) / 2, (here[1] - before[1]) / 2),
        gain=1 + show.dimming * dip,
    )


def _share(frame: int, start: int, end: int) -> float:
    """How far between two frames, eased at both ends, 0 to 1."""
    at = min(max((frame - start) / (end - start), 0.0), 1.0)
    return (1 - cos(pi * at)) / 2


def _path(show: Show, frame: int) -> tuple[float, float] | None:
    """The hand's way: from the side or from below to its place, and out again."""
    phase = show.phase(frame)
    if phase is Phase.EMPTY:
        return None
    away_x, away_y = 1.35 * show.side, 0.35 if show.side else 1.15
    if phase is Phase.ENTERING:
        far = 1 - sin(pi / 2 * (frame - show.entering + 1) / (show.held - show.entering + 1))
    elif phase is Phase.HELD:
        far = 0.0
    else:
        far = 1 - cos(pi / 2 * (frame - show.leaving + 1) / (show.gone - show.leaving + 1))
    return show.offset[0] + away_x * far, show.offset[1] + away_y * far
