"""Keep one source running: open it, watch it, abandon it when it hangs, try again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from kiosk.camera.attempt import Attempt
from kiosk.camera.frames import CameraState, CameraStatus, Frame, FrameSlot, FrameSource
from kiosk.camera.watchdog import BackOff, Limits, Verdict
from kiosk.errors import CameraError

CHECK_INTERVAL_S = 0.2  # chosen by eye
JOIN_TIMEOUT_S = 3.0  # above an attempt's time to abandon; chosen by eye
_SENTENCES = {
    Verdict.NEVER_STARTED: (CameraState.LOST, "The camera gives no picture."),
    Verdict.SILENT: (CameraState.STALLED, "The camera has stopped sending pictures."),
    Verdict.FROZEN: (CameraState.STALLED, "The camera's picture stands still."),
}


class Capture:
    """Fills `slot` from the sources that `open_source` makes, one after another.

    `on_status` is called from the capture's thread, only when the state changes, and
    must return soon. Frame indices go on growing over reopenings. A source that hangs
    is closed (a camera process is killed), its thread abandoned, and a new one opened
    after a back-off of 0.5 to 10 s. The end of a recording is an end, not a fault.
    """

    def __init__(
        self,
        open_source: Callable[[], FrameSource],
        slot: FrameSlot,
        on_status: Callable[[CameraStatus], None],
        *,
        limits: Limits | None = None,
        back_off: BackOff | None = None,
    ) -> None:
        self._open_source = open_source
        self._slot = slot
        self._on_status = on_status
        self._limits = limits or Limits()
        self._back_off = back_off or BackOff()
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._reopening = threading.Event()
        self._state: CameraState | None = None
        self._next_index = 0
        self._started = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Close the source and join; returns within seconds even when the source hangs."""
        self._stopping.set()
        self.reopen()
        if self._thread.is_alive():
            self._thread.join(JOIN_TIMEOUT_S)

    def reopen(self) -> None:
        """Give the source in use up and open another at once, also after a recording's end."""
        self._reopening.set()
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._state is None or self._reopening.is_set():
                self._reopening.clear()
                self._report(CameraState.CONNECTING, "Connecting to the camera.")
            try:
                attempt = Attempt(self._open_source(), self._deliver, self._wake, self._limits)
            except CameraError as error:
                self._report(CameraState.LOST, str(error))
                live_s = 0.0
            else:
                live_s = self._follow(attempt)
            if not self._stopping.is_set():
                ended = self._state is CameraState.ENDED
                self._reopening.wait(None if ended else self._back_off.after_failure(live_s))

    def _follow(self, attempt: Attempt) -> float:
        """Watch one attempt to its end; return for how many seconds it gave frames."""
        attempt.start()
        while not self._is_interrupted and self._is_going_on(attempt):
            self._wake.wait(CHECK_INTERVAL_S)
            self._wake.clear()
        attempt.abandon()
        return attempt.live_s

    @property
    def _is_interrupted(self) -> bool:
        return self._stopping.is_set() or self._reopening.is_set()

    def _is_going_on(self, attempt: Attempt) -> bool:
        if attempt.error:
            self._report(CameraState.LOST, attempt.error)
        elif attempt.ended:
            self._report(CameraState.ENDED, "The recording is at its end.")
        elif (verdict := attempt.verdict()) is not Verdict.GOOD:
            self._report(*_SENTENCES[verdict])
        else:
            if attempt.is_alive:
                self._report(CameraState.LIVE, "The camera is working.")
            return True
        return False

    def _deliver(self, frame: Frame, realtime: bool) -> None:
        """Put a frame into the slot, its index and time going on over reopenings."""
        t_ms = round((time.monotonic() - self._started) * 1000) if realtime else frame.t_ms
        self._slot.put(Frame(frame.image, self._next_index, t_ms))
        self._next_index += 1

    def _report(self, state: CameraState, sentence: str) -> None:
        if state is not self._state:
            self._state = state
            self._on_status(CameraStatus(state, sentence, round(time.monotonic() * 1000)))
