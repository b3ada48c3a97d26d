"""A probability as stars and percent. Pure."""

from __future__ import annotations

from bisect import bisect_right

STAR_BOUNDS = (0.5, 0.7, 0.85, 0.95)  # chosen: five words from a guess to very sure


def stars(confidence: float) -> int:
    """1 to 5: below 50 %, 70 %, 85 %, 95 %, and from there on."""
    return 1 + bisect_right(STAR_BOUNDS, confidence)


def percent(confidence: float) -> int:
    """Whole percent, rounded down and at most 99: the kiosk is never certain."""
    return max(0, min(99, int(confidence * 100 + 1e-6)))
