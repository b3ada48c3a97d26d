"""The contract of cameras: frames from a source, the newest of them in a slot."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kiosk.domain import Image


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of the scene: RGB, `index` counted from 0, `t_ms` since the source opened."""

    image: Image
    index: int
    t_ms: int


class FrameSource(Protocol):
    """Where frames come from. `close` may be called from another thread and again.

    `realtime` True: a live camera; `read` blocks until the world gives the next
    frame, and the capture watches that the content goes on changing. False: recorded
    or drawn; `read` returns at once, never sleeps, and the capture paces it by `t_ms`
    (so that the same source can be analysed frame by frame).
    """

    @property
    def realtime(self) -> bool: ...

    def open(self) -> None:
        """Make ready to read. Raises CameraError in words for a person."""

    def read(self) -> Frame | None:
        """The next frame, or None at the end. Raises CameraError when the camera fails."""

    def close(self) -> None:
        """Let go of the device, at once, even while another thread hangs in `read`."""


class CameraState(StrEnum):
    """How the camera is. STALLED: it is there, but its picture stands still."""

    CONNECTING = "connecting"
    LIVE = "live"
    STALLED = "stalled"
    LOST = "lost"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """The state, one plain sentence for the screen, and the clock when it began."""

    state: CameraState
    message: str
    since_ms: int


class FrameSlot:
    """Holds the newest frame only: a slow reader skips frames, a writer never waits."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._closed = False

    def put(self, frame: Frame) -> None:
        with self._changed:
            self._frame = frame
            self._changed.notify_all()

    def get_newest(self, after_index: int = -1, timeout_s: float | None = 0.0) -> Frame | None:
        """Return the newest frame with an index above `after_index`.

        Waits up to `timeout_s` for one (None: for ever) and returns None when there is
        none by then, or when the slot is closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._is_newer(after_index), timeout_s)
            return self._frame if self._is_newer(after_index) and not self._closed else None

    def close(self) -> None:
        """Wake every waiting reader; they get None from now on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _is_newer(self, index: int) -> bool:
        return self._frame is not None and self._frame.index > index
