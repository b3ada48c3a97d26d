"""The PIN screen: set at the first start, asked for afterwards, locked after wrong tries."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import ceil

from PySide6.QtCore import Signal, Slot

from kiosk.errors import KnownError
from kiosk.gui.pin.state import FREE_TRIES, MAX_DIGITS, LockOut, pin_is_allowed, wait_left_s
from kiosk.gui.pin.storage import PinStorage
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.view_model import ViewModel

TICK_MS = 500  # the wait is shown in seconds


class PinMode(StrEnum):
    LOADING = "loading"
    SET = "set"
    REPEAT = "repeat"
    ENTER = "enter"
    MISSING = "missing"


_TYPED = {PinMode.SET, PinMode.REPEAT, PinMode.ENTER}


class PinProblem(StrEnum):
    NONE = ""
    WRONG = "wrong"
    TOO_SIMPLE = "too_simple"
    DIFFERENT = "different"
    STORAGE = "storage"


@dataclass(frozen=True, slots=True)
class PinState:
    """`typed` is what stands in the field now, `first` the new PIN that is to be repeated."""

    mode: PinMode = PinMode.LOADING
    typed: str = ""
    first: str = ""
    problem: PinProblem = PinProblem.NONE
    lock: LockOut = field(default_factory=LockOut)
    busy: bool = False


@dataclass(frozen=True, slots=True)
class PinView:
    """`ready`: digits are taken. `wait_s` is above 0 while the screen is locked."""

    mode: PinMode = PinMode.LOADING
    digits: int = 0
    problem: PinProblem = PinProblem.NONE
    wrong: bool = False
    tries_left: int = 0
    wait_s: int = 0
    ready: bool = False


def derive_pin(state: PinState, now_s: float) -> PinView:
    wait_s = ceil(wait_left_s(state.lock, now_s)) if state.mode is PinMode.ENTER else 0
    return PinView(
        mode=state.mode,
        digits=len(state.typed),
        problem=state.problem,
        wrong=state.problem is PinProblem.WRONG,
        tries_left=max(0, FREE_TRIES - state.lock.failures),
        wait_s=wait_s,
        ready=not state.busy and not wait_s and state.mode in _TYPED,
    )


class PinViewModel(ViewModel[PinView]):
    """Emits `accepted` for the right PIN. The failure is stored before the next try counts.

    Unless `may_set_first`, nobody at the screen sets the PIN of a shop that has none.
    """

    accepted = Signal()
    left = Signal()

    def __init__(
        self,
        tasks: TaskRunner,
        storage: PinStorage,
        now: Callable[[], float] = time.time,
        *,
        may_set_first: bool = True,
    ) -> None:
        super().__init__(PinView())
        self._may_set_first = may_set_first
        self._tasks = tasks
        self._storage = storage
        self._now = now
        self._state = PinState()
        self._timer = self._make_timer(TICK_MS, self._change, once=False)

    def open(self, *, change: bool = False) -> None:
        """The screen comes up: asks for the PIN, or for a new one."""
        self._change(mode=PinMode.LOADING, typed="", first="", problem=PinProblem.NONE)
        self._tasks.run(
            self._storage.load,
            lambda stored: self._loaded(*stored, change=change),
            self._storage_failed,
        )

    def close(self) -> None:
        self._change(typed="", first="")
        self._timer.stop()

    @Slot(str)
    def digit(self, digit: str) -> None:
        typed = self._state.typed
        if self._is_ready and digit.isdigit() and len(typed) < MAX_DIGITS:
            self._change(typed=typed + digit, problem=PinProblem.NONE)

    @Slot()
    def erase(self) -> None:
        self._change(typed=self._state.typed[:-1])

    @Slot()
    def submit(self) -> None:
        state, typed = self._state, self._state.typed
        if not self._is_ready or not typed:
            return
        self._change(typed="")
        if state.mode is PinMode.ENTER:
            self._check(typed)
        elif not pin_is_allowed(typed):
            self._change(problem=PinProblem.TOO_SIMPLE)
        elif state.mode is PinMode.SET:
            self._change(first=typed, mode=PinMode.REPEAT)
        elif typed != state.first:
            self._change(first="", mode=PinMode.SET, problem=PinProblem.DIFFERENT)
        else:
            self._save(typed)

    @Slot()
    def leave(self) -> None:
        """Go back without a PIN."""
        self.left.emit()

    @property
    def _is_ready(self) -> bool:
        return derive_pin(self._state, self._now()).ready

    def _loaded(self, is_set: bool, lock: LockOut, *, change: bool) -> None:
        first = PinMode.SET if self._may_set_first else PinMode.MISSING
        set_mode = PinMode.SET if change else PinMode.ENTER
        self._change(lock=lock, mode=set_mode if is_set else first)
        self._timer.start()

    def _check(self, typed: str) -> None:
        self._change(busy=True)
        lock, now_s = self._state.lock, self._now()
        self._tasks.run(
            lambda: self._storage.check(typed, lock, now_s), self._checked, self._storage_failed
        )

    def _checked(self, lock: LockOut) -> None:
        is_right = lock == LockOut()
        problem = PinProblem.NONE if is_right else PinProblem.WRONG
        self._change(busy=False, lock=lock, problem=problem)
        if is_right:
            self.accepted.emit()

    def _save(self, typed: str) -> None:
        self._change(busy=True)
        self._tasks.run(
            lambda: self._storage.save(typed),
            lambda _: self._checked(LockOut()),
            self._storage_failed,
        )

    def _storage_failed(self, _: KnownError) -> None:
        self._change(busy=False, problem=PinProblem.STORAGE)

    @Slot()
    def _change(self, **changes: object) -> None:
        """Change the state, and show it as of now."""
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]
        self.show(derive_pin(self._state, self._now()))
