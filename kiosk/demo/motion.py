"""When the demo camera shows what, and how the hand moves: pure functions of the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import cos, pi, sin

import numpy as np

FRAMES_PER_S = 30
TURN_STEP_DEG = 5
TURNS = tuple(range(-35, 36, TURN_STEP_DEG))
"""The turns, in degrees, of which there is a sprite of each product."""
_SOLD_BETWEEN = 4  # products, then one that is not sold: within 20 s of a start


class Phase(StrEnum):
    """What the hand does."""

    EMPTY = "empty"
    ENTERING = "entering"
    HELD = "held"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Show:
    """One presentation: the truth about frames `first` to `last` (both inside).

    `sku` names what is shown; `stocked` is False for what the shop does not sell. The hand
    enters from `entering`, holds from `held`, leaves from `leaving`, and the scene is empty
    again from `gone` on. It turns from TURNS[turn_from] to TURNS[turn_to]. `warmth` is that
    of the light: 0 daylight, positive lamps, negative shade.
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
    turn_from: int
    turn_to: int
    roll: float
    scale: float
    offset: tuple[float, float]
    side: int
    warmth: float
    dimming: float

    def phase(self, frame: int) -> Phase:
        """What the hand does in a frame of this show."""
        if frame < self.entering or frame >= self.gone:
            return Phase.EMPTY
        if frame < self.held:
            return Phase.ENTERING
        return Phase.HELD if frame < self.leaving else Phase.LEAVING


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the held thing is in one frame, in shares of the picture's short side.

    `turn` is a place in TURNS, perhaps between two; `blur` is the smear of the movement
    (across, down); `gain` is the brightness against the scene's.
    """

    x: float
    y: float
    roll: float
    scale: float
    turn: float
    blur: tuple[float, float]
    gain: float


class Schedule:
    """The endless sequence of shows for one seed; each round shows every SKU of `sold` once."""

    # Times in frames, places and sizes in shares of the short side: all chosen by eye.

    def __init__(self, sold: Sequence[str], strangers: Sequence[str], seed: int = 0) -> None:
        self._sold, self._strangers, self._seed = sold, strangers, seed
        self.round_shows = len(sold) + (len(sold) + 2) // _SOLD_BETWEEN
        self._show = lru_cache(maxsize=64)(self._make)

    def show(self, number: int) -> Show:
        """Return the show of that number, counted from 0."""
        return self._show(number)

    def _make(self, number: int) -> Show:
        first = self._show(number - 1).last + 1 if number else 0
        rng = np.random.default_rng([self._seed, number])
        entering = first + int(rng.integers(16, 28))
        held = entering + int(rng.integers(11, 17))
        leaving = held + int(rng.integers(66, 92))
        gone = leaving + int(rng.integers(9, 13))
        round_, place = divmod(number, self.round_shows)
        sku = self._order(round_)[place]
        middle = len(TURNS) // 2
        start = int(rng.integers(-5, 6))
        end = start + int(rng.integers(4, 8)) * (-1 if start > 0 else 1)
        return Show(
            number=number,
            sku=sku,
            stocked=sku in self._sold,
            first=first,
            entering=entering,
            held=held,
            leaving=leaving,
            gone=gone,
            last=gone + int(rng.integers(4, 9)),
            turn_from=middle + start,
            turn_to=middle + end,
            roll=float(rng.uniform(-9, 9)),
            scale=float(rng.uniform(0.63, 0.74)),
            offset=(float(rng.uniform(-0.05, 0.05)), float(rng.uniform(-0.03, 0.03))),
            side=int(rng.choice([-1, 1, 0])),
            warmth=float(rng.uniform(-0.35, 0.7)),
            dimming=float(rng.choice([0.0, 0.0, -0.18, 0.14])),
        )

    def _order(self, round_: int) -> list[str]:
        """Every product once, and after each few one that is not sold."""
        rng = np.random.default_rng([self._seed, 7, round_])
        order: list[str] = []
        for k, at in enumerate(rng.permutation(len(self._sold)), 1):
            order.append(self._sold[int(at)])
            if k % _SOLD_BETWEEN == 2:
                stranger = (k // _SOLD_BETWEEN + round_) % len(self._strangers)
                order.append(self._strangers[stranger])
        return order


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
        roll=show.roll + 1.2 * sin(2 * pi * 0.8 * t + show.number),
        scale=show.scale * (1 + 0.015 * sin(2 * pi * 0.5 * t + show.number)),
        turn=show.turn_from + share * (show.turn_to - show.turn_from),
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
