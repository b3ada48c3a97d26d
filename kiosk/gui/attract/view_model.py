"""The invitation: some products of the shop, one after another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Slot

from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.view_model import ViewModel

SHOWN = 8
TURN_MS = 4000


@dataclass(frozen=True, slots=True)
class AttractView:
    skus: tuple[str, ...] = ()
    at: int = 0


def spread(skus: list[str], most: int = SHOWN) -> tuple[str, ...]:
    """A few, evenly from the whole list: a list by name begins with much of one kind."""
    if len(skus) <= most:
        return tuple(skus)
    return tuple(skus[at * len(skus) // most] for at in range(most))


class AttractViewModel(ViewModel):
    def __init__(self, tasks: TaskRunner, skus: Callable[[], list[str]]) -> None:
        super().__init__()
        self._tasks = tasks
        self._skus = skus
        self._shown = AttractView()
        self._timer = QTimer(self)
        self._timer.setInterval(TURN_MS)
        self._timer.timeout.connect(self.turn)
        self.show(self._shown)

    def open(self) -> None:
        self._timer.start()
        self.refresh()

    def close(self) -> None:
        self._timer.stop()

    def refresh(self) -> None:
        self._tasks.run(self._skus, self._found)

    @Slot()
    def turn(self) -> None:
        if self._shown.skus:
            at = (self._shown.at + 1) % len(self._shown.skus)
            self._become(AttractView(self._shown.skus, at))

    def _found(self, skus: list[str]) -> None:
        chosen = spread(skus)
        self._become(AttractView(chosen, self._shown.at % max(1, len(chosen))))

    def _become(self, view: AttractView) -> None:
        self._shown = view
        self.show(view)
