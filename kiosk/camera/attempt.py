"""One opening of a source, read in a thread that can be abandoned."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable

from kiosk.camera.frames import Frame, FrameSource
from kiosk.camera.watchdog import Limits, Verdict, Watchdog
from kiosk.errors import KnownError

ABANDON_TIMEOUT_S = 0.5  # twice in `stop`, which promises seconds; chosen by eye
MAX_LAG_S = 1.0  # of a recording behind its frame times; chosen by eye


class Attempt:
    """Opens `source` and hands each frame to `deliver(frame, realtime)`.

    Recorded sources are paced by their frame times. `wake` is set when the camera shows
    life and at the end. After `abandon` nothing more is delivered, whatever the source does.
    """

    def __init__(
        self,
        source: FrameSource,
        deliver: Callable[[Frame, bool], None],
        wake: threading.Event,
        limits: Limits,
    ) -> None:
        self._source = source
        self._deliver = deliver
        self._wake = wake
        self._lock = threading.Lock()
        self._watchdog = Watchdog(limits, now=time.monotonic(), watch_content=source.realtime)
        self._first: float | None = None
        self._latest = 0.0
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera-read", daemon=True)
        self.error = ""
        self.ended = False

    @property
    def live_s(self) -> float:
        """Seconds between the first and the newest frame; a tiny value from the first on."""
        return 0.0 if self._first is None else max(self._latest - self._first, 1e-3)

    @property
    def is_alive(self) -> bool:
        return self._watchdog.is_alive

    def start(self) -> None:
        self._thread.start()

    def verdict(self) -> Verdict:
        with self._lock:
            return self._watchdog.verdict(time.monotonic())

    def abandon(self) -> None:
        """Stop delivering, close the source, and wait briefly for the thread."""
        with self._lock:
            self._given_up.set()
        # Closed from a thread of its own: a driver may hang in release as well.
        closing = threading.Thread(target=self._close, name="camera-close", daemon=True)
        closing.start()
        closing.join(ABANDON_TIMEOUT_S)
        self._thread.join(ABANDON_TIMEOUT_S)

    def _close(self) -> None:
        with contextlib.suppress(KnownError, OSError):
            self._source.close()

    def _run(self) -> None:
        try:
            self._source.open()
            self._read_all()
        except KnownError as error:
            self.error = str(error)
        except Exception as error:  # noqa: BLE001 - top of a thread: becomes the camera's state
            self.error = f"The camera failed: {type(error).__name__}: {error}"
        finally:
            if self._given_up.is_set():
                self._close()  # `abandon` may have closed it before it was open
            self._wake.set()

    def _read_all(self) -> None:
        while not self._given_up.is_set():
            frame = self._source.read()
            if frame is None:
                self.ended = True
                return
            self._pace(frame)
            with self._lock:
                if self._given_up.is_set():
                    return
                self._note(frame)
                self._deliver(frame, self._source.realtime)

    def _pace(self, frame: Frame) -> None:
        """Hold a recorded frame back until its time; after a long lag, count from now on."""
        if self._source.realtime or self._first is None:
            return
        now = time.monotonic()
        due_at = self._first + frame.t_ms / 1000
        if due_at > now:
            self._given_up.wait(due_at - now)
        elif now - due_at > MAX_LAG_S:
            self._first = now - frame.t_ms / 1000

    def _note(self, frame: Frame) -> None:
        self._latest = time.monotonic()
        was_alive = self._watchdog.is_alive
        self._watchdog.note_frame(frame.image, self._latest)
        if self._first is None:
            self._first = self._latest
        if self._watchdog.is_alive and not was_alive:
            self._wake.set()
