"""The invitation: some products of the shop, one after another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Slot

from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.view_model import ViewModel

SHOWN = 8  # half a minute of turns; chosen by eye
TURN_MS = 4000  # long enough to recognise a product, chosen by eye


@dataclass(frozen=True, slots=True)
class AttractView:
    """The products that take turns, and the index of the one that is shown."""

    skus: tuple[str, ...] = ()
    at: int = 0


def spread(skus: list[str], most: int = SHOWN) -> tuple[str, ...]:
    """A few, evenly from the whole list: a list by name begins with much of one kind."""
    if len(skus) <= most:
        return tuple(skus)
    return tuple(skus[at * len(skus) // most] for at in range(most))


class AttractViewModel(ViewModel[AttractView]):
    """Asks for products when it opens and when the catalogue changes; turns by a timer."""

    def __init__(self, tasks: TaskRunner, skus: Callable[[], list[str]]) -> None:
        super().__init__(AttractView())
        self._tasks = tasks
        self._skus = skus
        self._timer = self._make_timer(TURN_MS, self.turn, once=False)

    def open(self) -> None:
        self._timer.start()
        self.refresh()

    def close(self) -> None:
        self._timer.stop()

    def refresh(self) -> None:
        """Ask the shop again."""
        self._tasks.run(self._skus, self._found)

    @Slot()
    def turn(self) -> None:
        """Show the next product."""
        self._show(self.view.skus, self.view.at + 1)

    def _found(self, skus: list[str]) -> None:
        self._show(spread(skus), self.view.at)

    def _show(self, skus: tuple[str, ...], at: int) -> None:
        self._change(skus=skus, at=at % max(1, len(skus)))
