"""The worker's thread: newest frames, pauses, faults and a camera that falls silent."""

from __future__ import annotations

import queue
from collections.abc import Iterator

import numpy as np
import pytest

from kiosk.camera import Frame, FrameSlot
from kiosk.domain import Image, Sighting, SightingState, Vectors
from kiosk.errors import ModelError
from kiosk.live import LivePipeline, LiveWorker
from tests.live.stage import ColourRecogniser, Stage

PATIENCE_S = 20


class Rig:
    """A worker that is fed from a stage, one frame as soon as the last was analysed."""

    def __init__(self, recogniser: ColourRecogniser) -> None:
        self.slot = FrameSlot()
        self.sightings: queue.Queue[Sighting] = queue.Queue()
        self.faults: queue.Queue[str] = queue.Queue()
        self.pipeline = LivePipeline(recogniser, every=1)
        self.worker = LiveWorker(
            self.slot, self.pipeline, self.sightings.put, on_fault=self.faults.put
        )
        self.painter = Stage(LivePipeline(ColourRecogniser()))
        self.index = 0

    def show(self, name: str, until: SightingState) -> Sighting:
        for _ in range(2000):
            rng = np.random.default_rng(self.index)
            image = self.painter.draw(name, rng.normal(0, 1, 2), rng)
            self.slot.put(Frame(image, self.index, self.index * 33))
            self.index += 1
            try:
                sighting = self.sightings.get(timeout=0.02)
            except queue.Empty:
                continue
            if sighting.state is until:
                return sighting
        raise AssertionError(f"never {until}")


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig(ColourRecogniser())
    rig.worker.start()
    yield rig
    rig.worker.stop()


def test_a_shown_product_is_reported(rig: Rig) -> None:
    rig.show("", SightingState.IDLE)
    assert rig.show("red", SightingState.MATCHED).sku == "red"
    rig.show("", SightingState.IDLE)


def test_pausing_takes_the_name_down_and_resuming_brings_it_back(rig: Rig) -> None:
    rig.show("", SightingState.IDLE)
    rig.show("red", SightingState.MATCHED)
    rig.worker.pause()
    rig.slot.put(Frame(np.zeros((360, 640, 3), np.uint8), rig.index, rig.index * 33))
    assert rig.sightings.get(timeout=PATIENCE_S).state is SightingState.IDLE
    rig.worker.resume()
    assert rig.show("red", SightingState.MATCHED).sku == "red"


def test_a_silent_camera_takes_the_name_down(rig: Rig) -> None:
    rig.show("", SightingState.IDLE)
    rig.show("red", SightingState.MATCHED)
    assert rig.sightings.get(timeout=PATIENCE_S).state is SightingState.IDLE


class Failing(ColourRecogniser):
    """Fails at its first picture, then works."""

    failures = 1

    def embed(self, image: Image) -> Vectors:
        if self.failures:
            self.failures -= 1
            raise ModelError("The model's file has gone.", next_step="Choose another model.")
        return super().embed(image)


def test_a_failing_recogniser_is_reported_and_tried_again() -> None:
    rig = Rig(Failing())
    rig.worker.start()
    rig.show("", SightingState.IDLE)
    assert rig.show("red", SightingState.MATCHED).sku == "red"
    assert "Choose another model" in rig.faults.get(timeout=PATIENCE_S)
    rig.worker.stop()


def test_stopping_while_paused_and_without_frames_returns() -> None:
    rig = Rig(ColourRecogniser())
    rig.worker.pause()
    rig.worker.start()
    rig.worker.stop()
    assert not rig.worker.is_alive
