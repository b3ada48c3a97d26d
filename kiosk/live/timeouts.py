"""How long conditions before the camera have to last: gone, unclear, different, unmoved."""

from __future__ import annotations

from dataclasses import dataclass

STILL = 1.2  # thumbnail pixels between analysed frames; a hand's tremor stays below 0.8
MOTIONLESS = 0.02  # thumbnail pixels; below the tremor of any hand
SHARP = 0.15  # sharpness below which a picture is out of focus; chosen by eye


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Milliseconds; all chosen by eye, `clear_ms` so that a name goes within 600 ms."""

    clear_ms: int = 100  # of emptiness before a name is taken down
    settle_ms: int = 1500  # of motion or blur before such a frame is used all the same
    doubt_ms: int = 500  # that an old name may stay up while something else is looked at
    absorb_ms: int = 6000  # without any motion before an unknown thing counts as scenery


class PresentationTimer:
    """Measures how long conditions hold, by the frames' own times: recordings replay the same.

    `update_*` notes what the frame of the last `tick` shows; the properties only read.
    """

    def __init__(self, timeouts: Timeouts | None = None) -> None:
        self._timeouts = timeouts or Timeouts()
        self._now_ms = 0
        self._moved_at_ms = 0
        self._absent_since_ms: int | None = None
        self._unclear_since_ms: int | None = None
        self._different_since_ms: int | None = None

    def tick(self, t_ms: int, motion: float) -> float:
        """Note an analysed frame; returns the seconds since the previous one."""
        elapsed_ms = max(t_ms - self._now_ms, 0)
        self._now_ms = t_ms
        if motion > MOTIONLESS:
            self._moved_at_ms = t_ms
        return elapsed_ms / 1000

    def update_absence(self, is_absent: bool) -> None:
        """Note whether nothing is in the reticle."""
        self._absent_since_ms = self._since(self._absent_since_ms, is_absent)

    def update_clarity(self, motion: float, sharpness: float) -> None:
        """Note whether the frame is still and sharp."""
        is_unclear = motion > STILL or sharpness < SHARP
        self._unclear_since_ms = self._since(self._unclear_since_ms, is_unclear)

    def update_difference(self, is_different: bool) -> None:
        """Note whether the scene looks unlike the one that was answered for."""
        self._different_since_ms = self._since(self._different_since_ms, is_different)

    @property
    def is_gone(self) -> bool:
        """True once there has been nothing for long enough."""
        return self._has_lasted(self._absent_since_ms, self._timeouts.clear_ms)

    @property
    def is_clear_enough(self) -> bool:
        """True for a still and sharp frame, and for any after waiting for one in vain."""
        since_ms = self._unclear_since_ms
        return since_ms is None or self._has_lasted(since_ms, self._timeouts.settle_ms)

    @property
    def is_different(self) -> bool:
        """True once the scene has differed from the answered one for long enough."""
        return self._has_lasted(self._different_since_ms, self._timeouts.doubt_ms)

    @property
    def is_unheld(self) -> bool:
        """True when nothing has moved for long enough: no hand holds what is there."""
        return self._has_lasted(self._moved_at_ms, self._timeouts.absorb_ms)

    def is_doubt_over(self, since_ms: int) -> bool:
        """True when an old name has stayed up long enough since `since_ms`."""
        return self._has_lasted(since_ms, self._timeouts.doubt_ms)

    def _since(self, since_ms: int | None, holds: bool) -> int | None:
        if not holds:
            return None
        return self._now_ms if since_ms is None else since_ms

    def _has_lasted(self, since_ms: int | None, wanted_ms: int) -> bool:
        return since_ms is not None and self._now_ms - since_ms >= wanted_ms
