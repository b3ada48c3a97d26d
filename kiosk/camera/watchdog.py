"""When a camera counts as stalled, and how long to wait before the next try. Pure: no clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from kiosk.domain import Image

ROW_STRIDE = 16  # the sensor's noise shows in any rows; the full picture is compared after


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of silence or sameness that a working camera never shows."""

    first_frame_s: float = 15.0  # some webcams take 10 s to open on Windows
    silent_s: float = 2.5  # chosen by eye
    frozen_s: float = 2.5  # chosen by eye


class Verdict(StrEnum):
    GOOD = "good"
    NEVER_STARTED = "never started"
    SILENT = "silent"
    FROZEN = "frozen"


class Watchdog:
    """Judges one opening of a camera by the age and the content of its frames.

    `watch_content` is False for recorded sources: a still picture is no fault there.
    All times are seconds on one clock of the caller's.
    """

    def __init__(self, limits: Limits, *, now: float, watch_content: bool) -> None:
        self._limits = limits
        self._watch_content = watch_content
        self._opened = now
        self._last_frame: float | None = None
        self._last_change = now
        self._image: Image | None = None
        self._changed = False

    @property
    def is_alive(self) -> bool:
        """True once frames come, and differ: a frozen camera reopened is still frozen."""
        return self._changed

    def note_frame(self, image: Image, now: float) -> None:
        """Note a frame. `image` is kept until the next one, not copied."""
        if not self._watch_content:
            self._changed = True
        elif self._image is not None and not _identical(self._image, image):
            self._changed = True
            self._last_change = now
        elif self._image is None:
            self._last_change = now
        self._image = image if self._watch_content else None
        self._last_frame = now

    def verdict(self, now: float) -> Verdict:
        if self._last_frame is None:
            late = now - self._opened > self._limits.first_frame_s
            return Verdict.NEVER_STARTED if late else Verdict.GOOD
        if now - self._last_frame > self._limits.silent_s:
            return Verdict.SILENT
        if self._watch_content and now - self._last_change > self._limits.frozen_s:
            return Verdict.FROZEN
        return Verdict.GOOD


class BackOff:
    """Waits of 0.5 s, doubling to 10 s; from the start again after `good_s` of frames.

    All chosen by eye.
    """

    def __init__(
        self, *, first_s: float = 0.5, longest_s: float = 10.0, good_s: float = 10.0
    ) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._good_s = good_s
        self._next_s = first_s

    def after_failure(self, live_s: float) -> float:
        """Return the seconds to wait after an opening that gave frames for `live_s` seconds."""
        if live_s >= self._good_s:
            self._next_s = self._first_s
        wait_s = self._next_s
        self._next_s = min(self._next_s * 2, self._longest_s)
        return wait_s


def _identical(a: Image, b: Image) -> bool:
    """Equal in every pixel; a few rows are compared first, as live pictures differ there."""
    return np.array_equal(a[::ROW_STRIDE], b[::ROW_STRIDE]) and np.array_equal(a, b)
