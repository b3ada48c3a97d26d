"""A small stage: an empty shop, products with patterns, a hand's tremor, and a recogniser.

Frames are 640x360 with sensor noise, deterministic by frame number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.camera import Frame
from kiosk.domain import Candidate, Decision, Image, Recognition, Vectors
from kiosk.live import LivePipeline
from kiosk.live.pipeline import Sighting

WIDTH, HEIGHT, FPS = 640, 360, 30
COLOURS = {
    "red": (200, 40, 40),
    "green": (40, 180, 60),
    "blue": (50, 70, 210),
    "stranger": (200, 190, 40),
}
STOCKED = ("red", "green", "blue")


def empty_scene(width: int = WIDTH, height: int = HEIGHT) -> Image:
    """A blurred shop."""
    rng = np.random.default_rng(1)
    coarse = rng.integers(60, 150, (6, 8, 3), dtype=np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


@cache
def product(name: str, side: int = 220) -> Image:
    """A crisp pattern in the product's colour."""
    rng = np.random.default_rng(sorted(COLOURS).index(name))
    coarse = rng.uniform(0.5, 1.2, (11, 11, 1)) * np.array(COLOURS[name])
    crisp = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_NEAREST)
    return np.clip(crisp, 0, 255).astype(np.uint8)


@cache
def _grain(seed: int, width: int, height: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(1000 + seed)
    coarse = rng.normal(0, 1, (height // 2, width // 2, 3)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height)), np.float32)


@cache
def _scenery(width: int, height: int) -> NDArray[np.float32]:
    return empty_scene(width, height).astype(np.float32)


@dataclass
class Stage:
    """Plays scenes into a pipeline, frame after frame, and keeps what it says."""

    pipeline: LivePipeline
    width: int = WIDTH
    height: int = HEIGHT
    index: int = 0
    shown: list[Sighting] = field(default_factory=list)
    light: float = 1.0
    noise: float = 4.0

    @property
    def states(self) -> list[str]:
        """Without repetitions."""
        states = [sighting.state.value for sighting in self.shown]
        return [state for k, state in enumerate(states) if k == 0 or state != states[k - 1]]

    @property
    def names(self) -> list[str | None]:
        return [sighting.sku for sighting in self.shown]

    def play(self, frames: int, name: str = "", *, tremor: float = 1.0, speed: float = 0.0) -> None:
        """Show `name` (or nothing) in the middle; `speed`: pixels a frame from the left."""
        for step in range(frames):
            rng = np.random.default_rng(self.index)
            offset = rng.normal(0, tremor, 2) - np.array([(frames - 1 - step) * speed, 0])
            self.feed(self.draw(name, offset, rng))

    def feed(self, image: Image) -> None:
        frame = Frame(image, self.index, round(self.index * 1000 / FPS))
        self.index += 1
        if (sighting := self.pipeline.step(frame)) is not None:
            self.shown.append(sighting)

    def draw(self, name: str, offset: NDArray[np.float64], rng: np.random.Generator) -> Image:
        image = _scenery(self.width, self.height).copy()
        if name:
            item = product(name)
            side = item.shape[0]
            x = round((self.width - side) / 2 + offset[0])
            y = round((self.height - side) / 2 + offset[1])
            left, right = max(x, 0), min(x + side, self.width)
            if right > left:
                image[y : y + side, left:right] = item[:, left - x : right - x]
        grain = _grain(int(rng.integers(16)), self.width, self.height)
        noisy = cv2.addWeighted(image, self.light, grain, self.noise, 0.0)
        return np.clip(noisy, 0, 255, out=noisy).astype(np.uint8)


class ColourRecogniser:
    """Tells products by the colour of a picture's middle; counts the pictures it encodes."""

    def __init__(self, stocked: tuple[str, ...] = STOCKED) -> None:
        self.stocked = stocked
        self.encoded = 0

    def embed(self, image: Image) -> Vectors:
        self.encoded += 1
        height, width = image.shape[:2]
        middle = image[height // 4 : height * 3 // 4, width // 4 : width * 3 // 4]
        return _unit(middle.reshape(-1, 3).mean(axis=0, keepdims=True))

    def recognise(
        self, vectors: Vectors, weights: NDArray[np.float32] | None = None
    ) -> Recognition:
        mean = _unit(np.average(vectors, axis=0, weights=weights)[None])[0]
        scored = [(float(_unit(np.array([COLOURS[s]]))[0] @ mean), s) for s in self.stocked]
        best = sorted(scored, reverse=True)
        candidates = tuple(Candidate(sku, score, max(score, 0.0)) for score, sku in best)
        named = bool(best) and best[0][0] > 0.97
        return Recognition(Decision.NAMED if named else Decision.UNKNOWN, candidates)


def _unit(rows: NDArray[np.generic]) -> Vectors:
    floats = np.asarray(rows, np.float32)
    return floats / np.linalg.norm(floats, axis=1, keepdims=True)
