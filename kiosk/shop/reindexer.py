"""The background thread that keeps index and metric in step with the catalogue."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from kiosk.errors import KioskError

log = logging.getLogger(__name__)

POLL_S = 1.0
QUIET_S = 0.4
FIRST_TIDY_S = 300.0
TIDY_EVERY_S = 24 * 3600.0


class BackgroundReindexer:
    """Calls `catch_up` soon after `request_refresh()`, and every second looks whether it `is_due`.

    A fault in `catch_up` is kept in `fault` as a sentence and tried again at the next poll.
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
        self._nudged = threading.Event()
        self._idle = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
        self.fault = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop and join; a catch-up under way finishes its current step first."""
        self._stop.set()
        self._nudged.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def request_refresh(self) -> None:
        """Something changed; catch up as soon as it has been quiet for a moment."""
        self._idle.clear()
        self._nudged.set()

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until everything known so far is caught up; False after `timeout_s`."""
        return self._idle.wait(timeout_s)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._nudged.wait(POLL_S)
            while self._nudged.is_set() and not self._stop.is_set():
                self._nudged.clear()
                self._stop.wait(QUIET_S)
            if not self._stop.is_set():
                self._once()

    def _once(self) -> None:
        try:
            if self._is_due():
                self._idle.clear()
                self._catch_up()
            if self._clock() >= self._tidy_at:
                self._tidy_at = self._clock() + TIDY_EVERY_S
                self._tidy()
            self.fault = ""
        except KioskError as error:
            self.fault = str(error)
            log.warning("upkeep: %s", error)
        except Exception as error:
            self.fault = f"The index could not be updated ({type(error).__name__})."
            log.exception("upkeep failed")
        if not self._nudged.is_set():
            self._idle.set()
