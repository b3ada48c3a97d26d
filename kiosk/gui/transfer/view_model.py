"""The import and export screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import Signal, Slot

from kiosk.errors import KnownError
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.transfer.places import Importable, Place
from kiosk.gui.transfer.work import Imported, TransferWork
from kiosk.gui.view_model import ViewModel

PROGRESS_EVERY_S = 0.1  # as often as a bar needs to move smoothly, by eye


class Doing(StrEnum):
    NOTHING = ""
    IMPORT = "import"
    EXPORT = "export"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class TransferView:
    """`chosen` is the row of the place that is written to; `progress` goes from 0 to 1.

    `imported` or `written`, a path, says how the last transfer ended, `fault` why it failed.
    """

    places: tuple[Place, ...] = ()
    sources: tuple[Importable, ...] = ()
    chosen: int = 0
    doing: Doing = Doing.NOTHING
    busy: bool = False
    progress: float = 0.0
    imported: Imported | None = None
    written: str = ""
    fault: str = ""


class TransferViewModel(ViewModel[TransferView]):
    """One transfer at a time, in the worker; the kiosk goes on recognising meanwhile."""

    _progressed = Signal(int, int)

    def __init__(
        self,
        tasks: TaskRunner,
        work: TransferWork,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(TransferView())
        self._tasks = tasks
        self._work = work
        self._now = now
        self._progressed_at = 0.0
        self._progressed.connect(self._on_progress)

    def open(self) -> None:
        self.refresh()

    def close(self) -> None:
        """The screen goes; a transfer under way goes on."""

    @Slot()
    def refresh(self) -> None:
        self._tasks.run(self._work.look_around, lambda found: self._found(*found), self._fail)

    @Slot(int)
    def choosePlace(self, at: int) -> None:
        if 0 <= at < len(self.view.places):
            self._change(chosen=at)

    @Slot(int)
    def load(self, at: int) -> None:
        if self.view.busy or not 0 <= at < len(self.view.sources):
            return
        source = self.view.sources[at]
        self._begin(Doing.IMPORT)
        self._tasks.run(
            lambda: self._work.load(source, self._report),
            lambda imported: self._end(imported=imported),
            self._fail,
        )

    @Slot()
    def exportAll(self) -> None:
        self._write(Doing.EXPORT, self._work.export, "")

    @Slot()
    def backUp(self) -> None:
        self._write(Doing.BACKUP, self._work.back_up, ".zip")

    def _write(self, doing: Doing, work: Callable[[Path], None], suffix: str) -> None:
        if self.view.busy or not self.view.places:
            return
        folder = self.view.places[self.view.chosen].folder
        target = folder / f"shelflens-{doing.value}-{self._now():%Y%m%d-%H%M%S}{suffix}"
        self._begin(doing)
        self._tasks.run(lambda: work(target), lambda _: self._end(written=str(target)), self._fail)

    def _found(self, places: list[Place], sources: list[Importable]) -> None:
        chosen = min(self.view.chosen, max(0, len(places) - 1))
        self._change(places=tuple(places), sources=tuple(sources), chosen=chosen)

    def _begin(self, doing: Doing) -> None:
        self._change(doing=doing, busy=True, progress=0.0, imported=None, written="", fault="")

    def _end(self, **outcome: object) -> None:
        self._change(doing=Doing.NOTHING, busy=False, **outcome)

    def _report(self, done: int, total: int) -> None:
        """Called by the worker: at most ten times a second, so that no queue builds up."""
        now = time.monotonic()
        if done >= total or now - self._progressed_at > PROGRESS_EVERY_S:
            self._progressed_at = now
            self._progressed.emit(done, total)

    @Slot(int, int)
    def _on_progress(self, done: int, total: int) -> None:
        self._change(progress=done / total if total else 0.0)

    def _fail(self, error: KnownError) -> None:
        self._end(fault=str(error))
