"""The recognition thread: newest frame in, sightings out."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kiosk.camera import Frame, FrameSlot
from kiosk.domain import Sighting
from kiosk.live.pipeline import LivePipeline

LOST_AFTER_S = 1.5  # without a frame; chosen by eye
JOIN_TIMEOUT_S = 5.0  # chosen by eye


class LiveWorker:
    """Runs `pipeline` on the frames of `slot`; `on_sighting` is called from its thread.

    Only this thread touches the pipeline; `look_again`, `pause` and `resume` are requests
    to it. A recogniser that fails does not end the thread: `on_fault` gets the sentence,
    and the next frame is tried.
    """

    def __init__(
        self,
        slot: FrameSlot,
        pipeline: LivePipeline,
        on_sighting: Callable[[Sighting], None],
        *,
        on_fault: Callable[[str], None] | None = None,
    ) -> None:
        self._slot = slot
        self._pipeline = pipeline
        self._on_sighting = on_sighting
        self._on_fault = on_fault
        self._stopping = threading.Event()
        self._running = threading.Event()
        self._running.set()
        self._look_again = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the current frame and join."""
        self._stopping.set()
        self._running.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_TIMEOUT_S)

    def pause(self) -> None:
        """Analyse nothing (another screen is open); the overlay falls back to idle."""
        self._running.clear()

    def resume(self) -> None:
        self._running.set()

    def look_again(self) -> None:
        """The catalogue has changed: decide again about what is being held."""
        self._look_again.set()

    def _run(self) -> None:
        newest: Frame | None = None
        while not self._stopping.is_set():
            if not self._running.is_set():
                self._report(newest, self._pipeline.rest)
                self._running.wait()
                continue
            frame = self._slot.get_newest(newest.index if newest else -1, LOST_AFTER_S)
            if frame is None:
                self._report(newest, self._pipeline.lost)
                self._stopping.wait(0.05)  # a closed slot returns at once
                continue
            newest = frame
            self._analyse(frame)

    def _report(self, newest: Frame | None, interrupt: Callable[[Frame], Sighting | None]) -> None:
        if newest is not None and (sighting := interrupt(newest)) is not None:
            self._on_sighting(sighting)

    def _analyse(self, frame: Frame) -> None:
        if self._look_again.is_set():
            self._look_again.clear()
            self._pipeline.look_again()
        try:
            sighting = self._pipeline.step(frame)
        except Exception as error:  # noqa: BLE001 - top of a thread: becomes a fault on screen
            if self._on_fault is not None:
                self._on_fault(f"Recognition failed: {error}")
            return
        if sighting is not None:
            self._on_sighting(sighting)
