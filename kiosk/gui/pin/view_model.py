"""The PIN screen: set at the first start, asked for afterwards, locked after wrong tries."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Protocol

from PySide6.QtCore import QTimer, Signal, Slot

from kiosk.errors import KnownError
from kiosk.gui.pin import state as pin
from kiosk.gui.pin.state import LockOut
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.variant_view_model import VariantViewModel as ViewModel

HASH_KEY = "staff.pin"
LOCK_KEY = "staff.lock_out"


class Values(Protocol):
    """The store's small values."""

    def value(self, key: str) -> str | None: ...

    def put_value(self, key: str, value: str) -> None: ...


class PinMode(StrEnum):
    LOADING = "loading"
    SET = "set"
    REPEAT = "repeat"
    ENTER = "enter"


class PinProblem(StrEnum):
    NONE = ""
    WRONG = "wrong"
    TOO_SIMPLE = "too_simple"
    DIFFERENT = "different"
    STORAGE = "storage"


@dataclass(frozen=True, slots=True)
class PinView:
    mode: PinMode = PinMode.LOADING
    digits: int = 0
    problem: PinProblem = PinProblem.NONE
    tries_left: int = 0
    wait_s: int = 0
    busy: bool = False


@dataclass(frozen=True, slots=True)
class _Checked:
    right: bool
    lock: LockOut


def derive_pin(
    mode: PinMode, typed: str, problem: PinProblem, lock: LockOut, now_s: float, busy: bool
) -> PinView:
    return PinView(
        mode=mode,
        digits=len(typed),
        problem=problem,
        tries_left=max(0, pin.FREE_TRIES - lock.failures),
        wait_s=ceil(pin.wait_left_s(lock, now_s)) if mode is PinMode.ENTER else 0,
        busy=busy,
    )


class PinViewModel(ViewModel):
    """Emits `accepted` for the right PIN. The failure is stored before the next try counts."""

    accepted = Signal()
    left = Signal()

    def __init__(
        self, tasks: TaskRunner, values: Values, now: Callable[[], float] = time.time
    ) -> None:
        super().__init__()
        self._tasks = tasks
        self._values = values
        self._now = now
        self._mode = PinMode.LOADING
        self._typed = ""
        self._first = ""
        self._problem = PinProblem.NONE
        self._lock = LockOut()
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setInterval(500)
        self._timer.timeout.connect(self._derive)
        self._derive()

    def open(self, *, change: bool = False) -> None:
        """The screen comes up: asks for the PIN, or for a new one."""
        self._typed = self._first = ""
        self._problem = PinProblem.NONE
        self._mode = PinMode.LOADING
        self._derive()
        self._tasks.run(
            lambda: (self._values.value(HASH_KEY), self._values.value(LOCK_KEY)),
            lambda stored: self._loaded(stored, change),
            self._storage_failed,
        )

    def close(self) -> None:
        self._typed = self._first = ""
        self._timer.stop()

    @Slot()
    def leave(self) -> None:
        """Go back without a PIN."""
        self.left.emit()

    @Slot(str)
    def digit(self, digit: str) -> None:
        if not self._is_open or not digit.isdigit() or len(self._typed) >= pin.MAX_DIGITS:
            return
        self._typed += digit
        self._problem = PinProblem.NONE
        self._derive()

    @Slot()
    def erase(self) -> None:
        self._typed = self._typed[:-1]
        self._derive()

    @Slot()
    def submit(self) -> None:
        if not self._is_open or not self._typed:
            return
        typed, self._typed = self._typed, ""
        if self._mode is PinMode.ENTER:
            self._check(typed)
        elif not pin.pin_is_allowed(typed):
            self._problem = PinProblem.TOO_SIMPLE
        elif self._mode is PinMode.SET:
            self._first, self._mode = typed, PinMode.REPEAT
        elif typed != self._first:
            self._first, self._mode, self._problem = "", PinMode.SET, PinProblem.DIFFERENT
        else:
            self._save(typed)
        self._derive()

    @property
    def _is_open(self) -> bool:
        locked = pin.wait_left_s(self._lock, self._now()) > 0 and self._mode is PinMode.ENTER
        return not self._busy and not locked and self._mode is not PinMode.LOADING

    def _loaded(self, stored: tuple[str | None, str | None], change: bool) -> None:
        hashed, lock = stored
        self._lock = pin.read_lock_out(lock)
        self._mode = PinMode.SET if change or not hashed else PinMode.ENTER
        self._timer.start()
        self._derive()

    def _check(self, typed: str) -> None:
        self._busy = True
        lock, now_s = self._lock, self._now()
        self._tasks.run(
            lambda: _check_pin(self._values, typed, lock, now_s),
            self._checked,
            self._storage_failed,
        )

    def _checked(self, outcome: _Checked) -> None:
        self._busy = False
        self._lock = outcome.lock
        self._problem = PinProblem.NONE if outcome.right else PinProblem.WRONG
        self._derive()
        if outcome.right:
            self.accepted.emit()

    def _save(self, typed: str) -> None:
        self._busy = True
        self._tasks.run(
            lambda: self._values.put_value(HASH_KEY, pin.hash_pin(typed)),
            lambda _: self._checked(_Checked(True, LockOut())),
            self._storage_failed,
        )

    def _storage_failed(self, _: KnownError) -> None:
        self._busy = False
        self._problem = PinProblem.STORAGE
        self._derive()

    @Slot()
    def _derive(self) -> None:
        self.show(
            derive_pin(self._mode, self._typed, self._problem, self._lock, self._now(), self._busy)
        )


def _check_pin(values: Values, typed: str, lock: LockOut, now_s: float) -> _Checked:
    """Count the try as failed first: a power cut cannot buy another one."""
    failed = pin.after_failure(lock, now_s)
    values.put_value(LOCK_KEY, pin.write_lock_out(failed))
    if not pin.pin_is_right(typed, values.value(HASH_KEY) or ""):
        return _Checked(False, failed)
    values.put_value(LOCK_KEY, pin.write_lock_out(LockOut()))
    return _Checked(True, LockOut())
