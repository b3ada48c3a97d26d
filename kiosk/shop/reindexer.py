"""The background thread that keeps index and metric in step with the catalogue."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from kiosk.errors import KioskError

log = logging.getLogger(__name__)

POLL_S = 1.0  # another process's change is seen after a second; chosen by eye
QUIET_S = 0.4  # joins the changes of one import into one refit; chosen by eye
FIRST_TIDY_S = 300.0  # not while the window starts; chosen by eye
TIDY_EVERY_S = 24 * 3600.0  # deleted products are kept for days


class BackgroundReindexer:
    """Call `catch_up` soon after `request_refresh()`, and whenever `is_due`, asked every second.

    An error in `catch_up` is kept in `fault` as a sentence; the next poll tries again.
    `tidy` is called five minutes after the start, and then once a day.
    """

    def __init__(
        self,
        is_due: Callable[[], bool],
        catch_up: Callable[[], None],
        tidy: Callable[[], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_due = is_due
        self._catch_up = catch_up
        self._tidy = tidy
        self._clock = clock
        self._tidy_at = clock() + FIRST_TIDY_S
        self._stop = threading.Event()
        self._requested = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reindexer", daemon=True)
        self.fault = ""

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop and join; a catch-up under way finishes its current step first."""
        self._stop.set()
        self._requested.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stop.is_set()

    def request_refresh(self) -> None:
        """Catch up as soon as no further request came for a moment."""
        self._requested.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._requested.wait(POLL_S)
            while self._requested.is_set() and not self._stop.is_set():
                self._requested.clear()
                self._stop.wait(QUIET_S)
            if not self._stop.is_set():
                self._poll()

    def _poll(self) -> None:
        try:
            if self._is_due():
                self._catch_up()
            if self._clock() >= self._tidy_at:
                self._tidy_at = self._clock() + TIDY_EVERY_S
                self._tidy()
            self.fault = ""
        except KioskError as error:
            self.fault = str(error)
            log.warning("reindexing: %s", error)
        except Exception as error:
            self.fault = f"The index could not be updated ({type(error).__name__})."
            log.exception("reindexing failed")
