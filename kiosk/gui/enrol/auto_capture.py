"""When the enrolment camera releases by itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

HOLD_S = 0.9  # long enough to come to rest; chosen by eye
REARM_S = 3.0  # long enough to turn a product; chosen by eye


@dataclass(frozen=True, slots=True)
class AutoCapture:
    """`steady_since_s` is None while the view is not good; `fired_at_s` the last release."""

    steady_since_s: float | None = None
    fired_at_s: float | None = None

    def progress(self, now_s: float) -> float:
        """How much of the hold is over, 0 to 1."""
        if self.steady_since_s is None or self.fired_at_s is not None:
            return 0.0
        return min(1.0, (now_s - self.steady_since_s) / HOLD_S)


def step(auto: AutoCapture, good: bool, now_s: float) -> tuple[AutoCapture, bool]:
    """The next state, and whether to take the picture now.

    Releases after the view was good for 0.9 s. Before the next one the product must have
    been moved, or 3 s must have gone by: five pictures of one view teach nothing.
    """
    if auto.fired_at_s is not None:
        if good and now_s - auto.fired_at_s < REARM_S:
            return auto, False
        auto = replace(auto, fired_at_s=None, steady_since_s=None)
    if not good:
        return AutoCapture(), False
    since = now_s if auto.steady_since_s is None else auto.steady_since_s
    if now_s - since >= HOLD_S:
        return AutoCapture(None, now_s), True
    return replace(auto, steady_since_s=since), False
