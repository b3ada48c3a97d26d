"""The gate on a real camera clip: every show is noticed and let go, and little is encoded."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.camera import VideoFileSource
from kiosk.domain import Decision, Image, Recognition, Sighting, SightingState, Vectors
from kiosk.live import LivePipeline

SHOWS = 4
FRAME_MS = 1000 / 30


class Refusing:
    """Knows no product; remembers what it was shown."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def embed(self, image: Image) -> Vectors:
        self.shapes.append(image.shape)
        return np.ones((1, 1), np.float32)

    def recognise(
        self, vectors: Vectors, weights: NDArray[np.float32] | None = None
    ) -> Recognition:
        assert weights is None or len(weights) == len(vectors)
        return Recognition(Decision.UNKNOWN)


def test_shows_of_a_clip_are_noticed_and_let_go(bench_data: Path) -> None:
    truth = json.loads((bench_data / "live" / "dev1.json").read_text())["shows"][:SHOWS]
    recogniser = Refusing()
    pipeline = LivePipeline(recogniser, every=2)
    source = VideoFileSource(bench_data / "live" / "dev1.mp4")
    source.open()
    shown: list[Sighting] = []
    while (frame := source.read()) is not None and frame.index < truth[-1]["gone"] + 20:
        if (sighting := pipeline.step(frame)) is not None:
            shown.append(sighting)
    source.close()

    def state_at(index: int) -> SightingState:
        return [sighting.state for sighting in shown if sighting.frame <= index][-1]

    for show in truth:
        assert state_at(show["enter"]) is SightingState.IDLE
        assert state_at(show["hold"] + 6) is not SightingState.IDLE
        assert state_at(show["leave"] - 1) is SightingState.UNKNOWN
        assert state_at(show["gone"] + round(600 / FRAME_MS)) is SightingState.IDLE
    for before, after in pairwise(shown):
        assert before.frame < after.frame
    assert len(recogniser.shapes) <= 12 * SHOWS
    assert all(height == width >= 250 for height, width, _ in recogniser.shapes)
