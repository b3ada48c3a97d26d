"""Which frames are analysed: every Nth, N fixed or from the measured encode time."""

from __future__ import annotations

import math

from kiosk.camera import Frame

CORE_SHARE = 0.5  # of one core for encoding while a vote is open; chosen by eye
MAX_EVERY = 15  # half a second at 30 frames/s; chosen by eye
DEFAULT_FRAME_MS = 1000 / 30
SMOOTHING = 0.2  # of an exponential moving average; chosen by eye


class FrameSampler:
    """Accepts every Nth frame; `every` 0 chooses N so that encoding takes half a core at most."""

    def __init__(self, every: int = 0) -> None:
        self._fixed = every
        self._encode_ms = 0.0
        self._frame_ms = DEFAULT_FRAME_MS
        self._newest: tuple[int, int] | None = None
        self._accepted: int | None = None

    @property
    def encode_ms(self) -> float:
        """The smoothed time of one encode; 0 before the first."""
        return self._encode_ms

    @property
    def every(self) -> int:
        """The N in force."""
        if self._fixed:
            return self._fixed
        needed = math.ceil(self._encode_ms / (CORE_SHARE * self._frame_ms))
        return min(max(needed, 1), MAX_EVERY)

    def accept(self, frame: Frame) -> bool:
        """Note the arrival of `frame` and return whether to analyse it."""
        self._measure_interval(frame)
        if self._accepted is not None and 0 <= frame.index - self._accepted < self.every:
            return False
        self._accepted = frame.index
        return True

    def note_encode(self, took_ms: float) -> None:
        """Note how long an encode took."""
        share = SMOOTHING if self._encode_ms else 1.0
        self._encode_ms += share * (took_ms - self._encode_ms)

    def _measure_interval(self, frame: Frame) -> None:
        previous, self._newest = self._newest, (frame.index, frame.t_ms)
        if previous is None or frame.index <= previous[0] or frame.t_ms <= previous[1]:
            return
        interval_ms = (frame.t_ms - previous[1]) / (frame.index - previous[0])
        self._frame_ms += SMOOTHING * (min(interval_ms, 1000.0) - self._frame_ms)
