"""How long things last in front of the camera: gone, moving, standing still for ever."""

from __future__ import annotations

from dataclasses import dataclass

STILL = 1.2  # thumbnail pixels between analysed frames; a hand's tremor stays below 0.8
MOTIONLESS = 0.02  # below any tremor: nobody holds this
SHARP = 0.15  # less is out of focus


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Milliseconds."""

    clear_ms: int = 100  # of emptiness before a name is taken down
    settle_ms: int = 1500  # of motion or blur before such a frame is taken all the same
    doubt_ms: int = 500  # that an old name may stay up while something else is looked at
    absorb_ms: int = 6000  # without any motion before an unknown thing counts as scenery


class Timing:
    """Clocks that follow the frames' own times, so that a recording replays the same."""

    def __init__(self, patience: Timeouts | None = None) -> None:
        self._patience = patience or Timeouts()
        self._now_ms = 0
        self._gone_since: int | None = None
        self._moved_at = 0
        self._unclear_since: int | None = None
        self._different_since: int | None = None

    def tick(self, t_ms: int, motion: float) -> float:
        """Note an analysed frame; returns the seconds since the one before."""
        elapsed_ms = max(t_ms - self._now_ms, 0)
        self._now_ms = t_ms
        if motion > MOTIONLESS:
            self._moved_at = t_ms
        return elapsed_ms / 1000

    def is_gone(self, nothing_there: bool) -> bool:
        """True once there has been nothing for long enough."""
        if not nothing_there:
            self._gone_since = None
            return False
        if self._gone_since is None:
            self._gone_since = self._now_ms
        return self._now_ms - self._gone_since >= self._patience.clear_ms

    def is_clear_enough(self, motion: float, sharpness: float) -> bool:
        """True for a still and sharp frame, and for any after waiting for one in vain."""
        if motion <= STILL and sharpness >= SHARP:
            self._unclear_since = None
            return True
        if self._unclear_since is None:
            self._unclear_since = self._now_ms
        return self._now_ms - self._unclear_since >= self._patience.settle_ms

    def is_different(self, differs: bool) -> bool:
        """True once the scene has differed from the answered one for long enough."""
        if not differs:
            self._different_since = None
            return False
        if self._different_since is None:
            self._different_since = self._now_ms
        return self._now_ms - self._different_since >= self._patience.doubt_ms

    def is_doubt_over(self, since_ms: int) -> bool:
        """True when the old name has stayed up long enough since `since_ms`."""
        return self._now_ms - since_ms >= self._patience.doubt_ms

    def is_scenery(self) -> bool:
        """True when nothing at all has moved for long enough: not held by anyone."""
        return self._now_ms - self._moved_at >= self._patience.absorb_ms
