"""The codes in the frames: which one is in view, and what it stands for."""

from __future__ import annotations

from typing import Protocol

from kiosk.camera import Frame
from kiosk.domain import Scan
from kiosk.live.still_codes import StillCodes
from kiosk.recognition.evidence import Code, search_bars, search_codes

SEARCH_EVERY_MS = 90  # a search of 720p takes 5 to 7 ms, of its bars about 30; chosen by eye
HOLD_MS = 400  # a shaking hand hides a code for a few frames; chosen by eye
WAIT_MS = 150  # two frames of a vote, which name a product that is well known; chosen by eye
MAX_REMEMBERED = 500  # codes whose answers are kept; chosen: more than a customer brings
CONFIRM_MS = 1000  # within which a second reading confirms the first; chosen by eye


class CodeBook(Protocol):
    """What the catalogue says about codes; the shop is one."""

    def find_code(self, text: str) -> Scan | None:
        """What a code's text stands for; None: nothing that a shop sells."""
        ...

    def has_barcode(self, sku: str) -> bool:
        """Whether the catalogue knows a barcode of the product."""
        ...


class CodeScanner:
    """Searches frames a few times a second: all of a frame and its bars by turns.

    One thread calls it. The catalogue is asked once for each code until `forget`.
    A code without check digit or error correction, and one that the catalogue does not
    have, counts from its second reading on. One that stands still for long counts no more.
    """

    def __init__(self, book: CodeBook) -> None:
        self._book = book
        self._is_looking_closely = False
        self._searched_ms: int | None = None
        self._read_ms: dict[str, int] = {}
        self._answers: dict[str, Scan | None] = {}
        self._coded: dict[str, bool] = {}
        self._still = StillCodes()
        self._current: Scan | None = None
        self._since_ms = 0
        self._last_ms = 0

    def forget(self) -> None:
        """Ask the catalogue again: it has changed."""
        self._answers.clear()
        self._coded.clear()
        self._read_ms.clear()
        self._current = None

    def scan(self, frame: Frame) -> Scan | None:
        """Return the code that is in view, or was a moment ago."""
        now_ms = frame.t_ms
        if self._searched_ms is None or abs(now_ms - self._searched_ms) >= SEARCH_EVERY_MS:
            self._searched_ms = now_ms
            self._search(frame)
        if now_ms - self._last_ms > HOLD_MS:
            self._current = None
        return self._current

    def is_read_at(self, now_ms: int) -> bool:
        """Whether the code was read just now, so that what is there now bears it."""
        return now_ms == self._last_ms

    def has_waited(self, now_ms: int) -> bool:
        """Whether the code has been in view long enough for the picture to be judged."""
        return now_ms - self._since_ms >= WAIT_MS

    def has_barcode(self, sku: str) -> bool:
        """As `CodeBook.has_barcode`, which is asked once a product."""
        if sku not in self._coded:
            self._coded[sku] = self._book.has_barcode(sku)
        return self._coded[sku]

    def _search(self, frame: Frame) -> None:
        search = search_bars if self._is_looking_closely else search_codes
        codes = search(frame.image)
        self._still.tidy(frame.t_ms)
        for code in codes:
            self._still.note(code, frame.t_ms)
        codes = tuple(code for code in codes if not self._still.is_still(code.text))
        scans = [scan for code in codes if (scan := self._confirmed(code, frame.t_ms))]
        if not any(self._look_up(code.text) for code in codes):
            self._is_looking_closely = not self._is_looking_closely
        if not scans:
            return
        found = next((scan for scan in scans if scan.sku is not None), scans[0])
        if found != self._current:
            self._current, self._since_ms = found, frame.t_ms
        self._last_ms = frame.t_ms

    def _confirmed(self, code: Code, now_ms: int) -> Scan | None:
        read_ms = self._read_ms.get(code.text)
        is_repeated = read_ms is not None and 0 < now_ms - read_ms <= CONFIRM_MS
        self._read_ms[code.text] = now_ms
        scan = self._look_up(code.text)
        if scan is None or is_repeated:
            return scan
        return scan if code.is_checked and scan.sku is not None else None

    def _look_up(self, text: str) -> Scan | None:
        if len(self._answers) > MAX_REMEMBERED:
            self._answers.clear()
            self._read_ms.clear()
        if text not in self._answers:
            self._answers[text] = self._book.find_code(text)
        return self._answers[text]
