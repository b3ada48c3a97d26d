"""Work that the GUI thread must not do: one at a time, in order, the results by signal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from kiosk.errors import KnownError

log = logging.getLogger(__name__)
T = TypeVar("T")
Failed = Callable[[KnownError], None]


@dataclass(frozen=True, slots=True)
class _Outcome:
    deliver: Callable[[Any], None]
    value: Any


class TaskRunner(QObject):
    """Runs functions in one worker thread and hands results back in the GUI thread.

    `work` must not touch a QObject. `then(result)` or `failed(error)` is called in the
    thread that made this object. A fault that is not a KnownError is logged and reported
    as one, so that the screen stays alive.
    """

    _finished = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._waiting = 0
        self._closed = False
        self._finished.connect(self._deliver, Qt.ConnectionType.AutoConnection)

    @property
    def is_busy(self) -> bool:
        return self._waiting > 0

    def run(
        self,
        work: Callable[[], T],
        then: Callable[[T], None] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Queue `work`; one of `then` and `failed` follows. Without `failed`, faults are logged."""
        if self._closed:
            return
        self._waiting += 1
        self._executor.submit(self._work, work, then or _ignore, failed or _log)

    def _work(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        outcome: _Outcome
        try:
            outcome = _Outcome(then, work())
        except KnownError as error:
            outcome = _Outcome(failed, error)
        except Exception as error:  # top of a thread: becomes a message on the screen
            log.exception("A job of the window failed")
            outcome = _Outcome(failed, KnownError(f"{type(error).__name__}: {error}"))
        if not self._closed:
            self._finished.emit(outcome)

    @Slot(object)
    def _deliver(self, outcome: _Outcome) -> None:
        if self._closed:
            return
        self._waiting -= 1
        outcome.deliver(outcome.value)

    def close(self) -> None:
        """Drop what has not begun, wait for what has; nothing is delivered any more."""
        self._closed = True
        self._executor.shutdown(wait=True, cancel_futures=True)


class TaskLanes:
    """One worker for each kind of work, so that none holds up another.

    `customer` and `staff` are what a person waits for, `long_running` takes minutes.
    """

    def __init__(self) -> None:
        self.customer = TaskRunner("customer")
        self.staff = TaskRunner("staff")
        self.long_running = TaskRunner("long_running")
        self.pictures = TaskRunner("pictures")

    def _all(self) -> tuple[TaskRunner, ...]:
        return self.pictures, self.customer, self.staff, self.long_running

    @property
    def is_busy(self) -> bool:
        return any(lane.is_busy for lane in self._all())

    def close(self) -> None:
        """Join every worker; nothing is delivered afterwards."""
        for lane in self._all():
            lane.close()


def _ignore(_: object) -> None:
    pass


def _log(error: KnownError) -> None:
    log.warning("%s", error)
