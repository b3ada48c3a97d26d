"""Tells a barcode scanner that types from a person at the keys. Pure."""

from __future__ import annotations

import time
from collections.abc import Callable

MOST_BETWEEN_S = 0.05  # scanners type a key in 35 ms at most, by wireless too; nobody does
LEAST_LENGTH = 4  # shorter is a person's; chosen by eye: the shortest GTIN has 8 digits
LONGEST = 200  # a key that is stuck; chosen by eye


class ScannerKeys:
    """Collects keys in quick succession; at Enter they are a code."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._text = ""
        self._pressed_at_s = 0.0

    def press(self, text: str) -> None:
        """Note a key and the characters that it types."""
        self._note()
        self._text = (self._text + text)[-LONGEST:]

    def enter(self) -> str:
        """Note Enter; return the code that was typed, or nothing."""
        self._note()
        code, self._text = self._text.strip(), ""
        return code if len(code) >= LEAST_LENGTH else ""

    def _note(self) -> None:
        """A key that does not come at once after the last begins another text."""
        now_s = self._clock()
        if now_s - self._pressed_at_s > MOST_BETWEEN_S:
            self._text = ""
        self._pressed_at_s = now_s
