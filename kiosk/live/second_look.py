"""Second looks beside the frames: one thread, the newest request only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from kiosk.domain import Evidence

Look = Callable[[], Mapping[str, Evidence]]


class Looks(Protocol):
    """Where second looks are taken. `key` is what is looked at: results of another are dropped."""

    def request(self, key: object, look: Look) -> None:
        """Take `look` soon; one that waits is replaced."""

    def is_pending(self, key: object) -> bool:
        """Whether a look at `key` waits or is under way."""

    def collect(self, key: object) -> Mapping[str, Evidence] | None:
        """Return what a look at `key` found since the last call, if one has ended."""

    def close(self) -> None:
        """Take no more looks."""


class ImmediateLooks:
    """Takes each look at once: the same frames give the same answers."""

    def __init__(self) -> None:
        self._found: tuple[object, Mapping[str, Evidence]] | None = None

    def request(self, key: object, look: Look) -> None:
        self._found = key, look()

    def is_pending(self, key: object) -> bool:  # noqa: ARG002 - nothing ever waits
        return False

    def collect(self, key: object) -> Mapping[str, Evidence] | None:
        found, self._found = self._found, None
        return found[1] if found is not None and found[0] is key else None

    def close(self) -> None:
        """Nothing runs."""


class BackgroundLooks:
    """Takes looks in a thread of its own, which starts with the first one.

    A look that fails counts as one that found nothing, and is handed to `on_fault`.
    """

    def __init__(self, on_fault: Callable[[Exception], None] | None = None) -> None:
        self._on_fault = on_fault
        self._changed = threading.Condition()
        self._waiting: tuple[object, Look] | None = None
        self._current: object = None
        self._found: tuple[object, Mapping[str, Evidence]] | None = None
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def request(self, key: object, look: Look) -> None:
        with self._changed:
            if self._is_closed:
                return
            self._waiting = key, look
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="second look", daemon=True)
                self._thread.start()
            self._changed.notify()

    def is_pending(self, key: object) -> bool:
        with self._changed:
            waits = self._waiting is not None and self._waiting[0] is key
            return waits or self._current is key

    def collect(self, key: object) -> Mapping[str, Evidence] | None:
        with self._changed:
            if self._found is None or self._found[0] is not key:
                return None
            found, self._found = self._found, None
            return found[1]

    def close(self) -> None:
        """Take no more looks, and join; one that is under way finishes first."""
        with self._changed:
            self._is_closed, self._waiting = True, None
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting is not None or self._is_closed)
                if self._waiting is None:
                    return
                (key, look), self._waiting = self._waiting, None
                self._current = key
            found = self._take(look)
            with self._changed:
                self._current, self._found = None, (key, found)

    def _take(self, look: Look) -> Mapping[str, Evidence]:
        try:
            return look()
        except Exception as error:  # noqa: BLE001 - top of a thread: the glance goes on alone
            if self._on_fault is not None:
                self._on_fault(error)
            return {}
