"""Codes that nobody holds: on a poster behind the customer, or on a pack that was left."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.recognition.evidence import Code

STILL_SHARE = 0.04  # of the picture's sides: more than the readings of a still code differ by
STILL_MS = 20_000  # as long as a price may be read from a pack that was put down; chosen by eye
FORGET_MS = 60_000  # that customers may stand before a poster; chosen by eye


@dataclass(frozen=True, slots=True)
class _Place:
    centre: tuple[float, float]
    since_ms: int
    last_ms: int


class StillCodes:
    """Remembers where codes were read, and for how long they have not moved."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}

    def note(self, code: Code, now_ms: int) -> None:
        """Note a reading."""
        place = self._places.get(code.text)
        if place is None or not _is_near(place, code) or now_ms - place.last_ms > FORGET_MS:
            place = _Place(code.centre, now_ms, now_ms)
        self._places[code.text] = replace(place, last_ms=now_ms)

    def tidy(self, now_ms: int) -> None:
        """Forget what has not been read for long."""
        self._places = {
            text: place
            for text, place in self._places.items()
            if now_ms - place.last_ms <= FORGET_MS
        }

    def is_still(self, text: str) -> bool:
        """Whether the code has stood at one place for too long to be held."""
        place = self._places.get(text)
        return place is not None and place.last_ms - place.since_ms >= STILL_MS


def _is_near(place: _Place, code: Code) -> bool:
    distances = (abs(a - b) for a, b in zip(place.centre, code.centre, strict=True))
    return max(distances) <= STILL_SHARE
