"""Which frames are analysed: every Nth, N fixed or from the measured encode time."""

from __future__ import annotations

import math

from kiosk.camera import Frame

CORE_SHARE = 0.5  # of one core that encoding may take while a vote is open; then it takes none
SLOWEST = 15
USUAL_FRAME_MS = 1000 / 30
SMOOTHING = 0.2


class FrameSampler:
    """`every` 0 chooses N so that encoding takes at most half a core."""

    def __init__(self, every: int = 0) -> None:
        self._fixed = every
        self._encode_ms = 0.0
        self._frame_ms = USUAL_FRAME_MS
        self._newest: tuple[int, int] | None = None
        self._analysed: int | None = None

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
        return min(max(needed, 1), SLOWEST)

    def is_due(self, frame: Frame) -> bool:
        """True if `frame` is to be analysed; it then counts as analysed."""
        self._measure(frame)
        if self._analysed is not None and 0 <= frame.index - self._analysed < self.every:
            return False
        self._analysed = frame.index
        return True

    def encoded(self, took_ms: float) -> None:
        """Note how long an encode took."""
        share = SMOOTHING if self._encode_ms else 1.0
        self._encode_ms += share * (took_ms - self._encode_ms)

    def _measure(self, frame: Frame) -> None:
        before, self._newest = self._newest, (frame.index, frame.t_ms)
        if before is None or frame.index <= before[0] or frame.t_ms <= before[1]:
            return
        apart = (frame.t_ms - before[1]) / (frame.index - before[0])
        self._frame_ms += SMOOTHING * (min(apart, 1000.0) - self._frame_ms)
