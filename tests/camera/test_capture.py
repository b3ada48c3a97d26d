"""A capture outlives sources that fail, hang, freeze and end."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from kiosk.camera import CameraState, CameraStatus, Capture, Frame, FrameSlot
from kiosk.camera.attempt import Attempt
from kiosk.camera.watchdog import BackOff, Limits
from kiosk.errors import CameraError

PATIENCE_S = 20  # of a test for a state that comes within a second
SOON = Limits(first_frame_s=0.3, silent_s=0.3, frozen_s=0.3)


class FakeCamera:
    """Gives `frames` at a camera's pace, then does what `then` does."""

    def __init__(
        self, frames: int, then: Callable[[], None], *, realtime: bool = True, still: bool = False
    ) -> None:
        self.realtime = realtime
        self.closed = threading.Event()
        self._frames = frames
        self._then = then
        self._still = still
        self._index = -1

    def open(self) -> None:
        """Nothing to open."""

    def read(self) -> Frame | None:
        self._index += 1
        if self._index >= self._frames:
            self._then()
            return None
        if self.realtime:
            self.closed.wait(0.005)
        image = np.full((4, 4, 3), 0 if self._still else self._index % 256, np.uint8)
        return Frame(image, self._index, self._index)

    def close(self) -> None:
        self.closed.set()


class Rig:
    """A capture of scripted sources, and the statuses it tells."""

    def __init__(self) -> None:
        self.slot = FrameSlot()
        self.statuses: queue.Queue[CameraStatus] = queue.Queue()
        self.sources: list[FakeCamera] = []
        self.hang = threading.Event()
        self.capture: Capture | None = None

    def run(self, *sources: FakeCamera) -> None:
        self.sources = list(sources)
        waiting = iter(sources)
        self.capture = Capture(
            lambda: next(waiting),
            self.slot,
            self.statuses.put,
            limits=SOON,
            back_off=BackOff(first_s=0.01, longest_s=0.01),
        )
        self.capture.start()

    def until(self, state: CameraState) -> CameraStatus:
        while (status := self.statuses.get(timeout=PATIENCE_S)).state is not state:
            pass
        return status

    def fails(self) -> None:
        raise CameraError("Camera 0: it gives no more pictures.", next_step="Check its cable.")

    def hangs(self) -> None:
        self.hang.wait()


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig()
    yield rig
    if rig.capture is not None:
        rig.capture.stop()
    rig.hang.set()


def nothing() -> None:
    """The recording is over."""


LONG = 10**9


def test_a_camera_that_fails_is_said_and_opened_again(rig: Rig) -> None:
    rig.run(FakeCamera(3, rig.fails), FakeCamera(LONG, nothing))
    assert rig.until(CameraState.LIVE)
    assert "Check its cable" in rig.until(CameraState.LOST).message
    assert rig.until(CameraState.LIVE).message


def test_a_hung_read_is_noticed_abandoned_and_replaced(rig: Rig) -> None:
    rig.run(FakeCamera(3, rig.hangs), FakeCamera(LONG, nothing))
    rig.until(CameraState.LIVE)
    rig.until(CameraState.STALLED)
    rig.until(CameraState.LIVE)
    assert rig.sources[0].closed.is_set()


def test_a_camera_that_opens_after_it_was_given_up_is_closed() -> None:
    begun, may_open, events = threading.Event(), threading.Event(), queue.Queue[str]()

    class SlowCamera(FakeCamera):
        def open(self) -> None:
            begun.set()
            may_open.wait()
            events.put("open")

        def close(self) -> None:
            events.put("closed")

    attempt = Attempt(SlowCamera(LONG, nothing), lambda *_: None, threading.Event(), SOON)
    attempt.start()
    begun.wait()
    attempt.abandon()
    may_open.set()
    assert [events.get(timeout=PATIENCE_S) for _ in range(3)] == ["closed", "open", "closed"]


def test_a_camera_that_never_starts_is_lost(rig: Rig) -> None:
    rig.run(FakeCamera(0, rig.hangs), FakeCamera(LONG, nothing))
    rig.until(CameraState.LOST)
    rig.until(CameraState.LIVE)


def test_a_picture_that_stands_still_is_a_stall(rig: Rig) -> None:
    rig.run(FakeCamera(LONG, nothing, still=True), FakeCamera(LONG, nothing))
    assert "stands still" in rig.until(CameraState.STALLED).message
    rig.until(CameraState.LIVE)


def test_a_still_recording_plays_to_its_end_without_a_fault(rig: Rig) -> None:
    rig.run(FakeCamera(50, nothing, realtime=False, still=True))
    states = [rig.statuses.get(timeout=PATIENCE_S).state for _ in range(3)]
    assert states == [CameraState.CONNECTING, CameraState.LIVE, CameraState.ENDED]


def test_frame_numbers_go_on_growing_over_reopenings(rig: Rig) -> None:
    rig.run(FakeCamera(5, rig.fails), FakeCamera(LONG, nothing))
    rig.until(CameraState.LOST)
    rig.until(CameraState.LIVE)
    frame = rig.slot.get_newest(4, timeout_s=PATIENCE_S)
    assert frame is not None
    assert frame.index > 4


@pytest.mark.parametrize("realtime", [True, False])
def test_another_source_is_opened_on_demand_also_after_a_recording(
    rig: Rig, realtime: bool
) -> None:
    frames = LONG if realtime else 5
    rig.run(FakeCamera(frames, nothing, realtime=realtime), FakeCamera(LONG, nothing))
    rig.until(CameraState.LIVE if realtime else CameraState.ENDED)
    assert rig.capture is not None
    rig.capture.reopen()
    rig.until(CameraState.CONNECTING)
    rig.until(CameraState.LIVE)
    assert rig.sources[0].closed.is_set()


def test_stopping_does_not_wait_for_a_camera_that_hangs(rig: Rig) -> None:
    rig.run(FakeCamera(3, rig.hangs))
    rig.until(CameraState.LIVE)
    assert rig.capture is not None
    rig.capture.stop()
    assert "camera" not in {thread.name for thread in threading.enumerate()}


def test_a_source_that_cannot_be_made_is_tried_again(rig: Rig) -> None:
    tries = iter([None, FakeCamera(LONG, nothing)])

    def make() -> FakeCamera:
        source = next(tries)
        if source is None:
            raise CameraError("Camera 0 is not there.")
        return source

    back_off = BackOff(first_s=0.01, longest_s=0.01)
    rig.capture = Capture(make, rig.slot, rig.statuses.put, limits=SOON, back_off=back_off)
    rig.capture.start()
    assert rig.until(CameraState.LOST).message == "Camera 0 is not there."
    rig.until(CameraState.LIVE)
