"""The import and export screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import Signal, Slot

from kiosk.errors import KnownError
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.transfer.places import Importable, Place, find_importable, find_places
from kiosk.gui.variant_view_model import VariantViewModel as ViewModel
from kiosk.progress import Progress
from kiosk.shop import Shop

PROBLEMS_SHOWN = 6
TELL_EVERY_S = 0.1


class Doing(StrEnum):
    NOTHING = ""
    IMPORT = "import"
    EXPORT = "export"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `problems` are ready sentences."""

    added: int
    updated: int
    unchanged: int
    photos: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TransferState:
    places: tuple[Place, ...] = ()
    importable: tuple[Importable, ...] = ()
    chosen: int = 0
    doing: Doing = Doing.NOTHING
    done: Doing = Doing.NOTHING
    at: int = 0
    of: int = 0
    imported: Imported | None = None
    written: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PlaceView:
    name: str
    kind: str
    free_gb: float


@dataclass(frozen=True, slots=True)
class SourceView:
    name: str
    with_photos: bool


@dataclass(frozen=True, slots=True)
class TransferView:
    places: tuple[PlaceView, ...]
    sources: tuple[SourceView, ...]
    chosen: int
    doing: Doing
    done: Doing
    progress: float
    imported: Imported | None
    more_problems: int
    written: str
    fault: str


def derive_transfer(state: TransferState) -> TransferView:
    imported = state.imported
    problems = imported.problems if imported else ()
    return TransferView(
        places=tuple(PlaceView(p.name, p.kind, round(p.free_mb / 1000, 1)) for p in state.places),
        sources=tuple(SourceView(i.name, i.photos is not None) for i in state.importable),
        chosen=state.chosen,
        doing=state.doing,
        done=state.done,
        progress=state.at / state.of if state.of else 0.0,
        imported=replace(imported, problems=problems[:PROBLEMS_SHOWN]) if imported else None,
        more_problems=max(0, len(problems) - PROBLEMS_SHOWN),
        written=state.written,
        fault=state.fault,
    )


@dataclass(frozen=True, slots=True)
class TransferWork:
    """The slow functions: import (with progress), export, back up; each names what it wrote."""

    load: Callable[[Importable, Progress], Imported]
    export: Callable[[Path], None]
    backup: Callable[[Path], None]


class TransferViewModel(ViewModel):
    """One transfer at a time, in the worker; the kiosk goes on recognising meanwhile."""

    _told = Signal(int, int)

    def __init__(
        self,
        tasks: TaskRunner,
        shop: Shop,
        work: TransferWork,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__()
        self._tasks = tasks
        self._data_dir = shop.settings.data_dir
        self._work = work
        self._now = now
        self._told_at = 0.0
        self._state = TransferState()
        self._told.connect(self._on_told)
        self._derive()

    def open(self) -> None:
        self.refresh()

    def close(self) -> None:
        """The screen goes; a transfer under way goes on."""

    @Slot()
    def refresh(self) -> None:
        self._tasks.run(self._look_round, self._found, self._fail)

    @Slot(int)
    def choosePlace(self, at: int) -> None:
        if 0 <= at < len(self._state.places):
            self._change(chosen=at)

    @Slot(int)
    def load(self, at: int) -> None:
        if self._state.doing or not 0 <= at < len(self._state.importable):
            return
        source = self._state.importable[at]
        self._begin(Doing.IMPORT)
        self._tasks.run(
            lambda: self._work.load(source, self._tell),
            lambda imported: self._end(Doing.IMPORT, imported=imported),
            self._fail,
        )

    @Slot()
    def exportAll(self) -> None:
        self._write(Doing.EXPORT, self._work.export, "")

    @Slot()
    def backUp(self) -> None:
        self._write(Doing.BACKUP, self._work.backup, ".zip")

    def _write(self, doing: Doing, work: Callable[[Path], None], suffix: str) -> None:
        if self._state.doing or not self._state.places:
            return
        folder = self._state.places[self._state.chosen].folder
        target = folder / f"shelflens-{doing.value}-{self._now():%Y%m%d-%H%M%S}{suffix}"
        self._begin(doing)
        self._tasks.run(
            lambda: work(target), lambda _: self._end(doing, written=str(target)), self._fail
        )

    def _look_round(self) -> tuple[tuple[Place, ...], tuple[Importable, ...]]:
        places = find_places(self._data_dir)
        return tuple(places), tuple(find_importable(places))

    def _found(self, found: tuple[tuple[Place, ...], tuple[Importable, ...]]) -> None:
        chosen = min(self._state.chosen, max(0, len(found[0]) - 1))
        self._change(places=found[0], importable=found[1], chosen=chosen)

    def _begin(self, doing: Doing) -> None:
        self._change(
            doing=doing, done=Doing.NOTHING, at=0, of=0, imported=None, written="", fault=""
        )

    def _end(self, done: Doing, imported: Imported | None = None, written: str = "") -> None:
        self._change(doing=Doing.NOTHING, done=done, imported=imported, written=written)

    def _tell(self, at: int, of: int) -> None:
        """Called by the worker: at most ten times a second, so that no queue builds up."""
        now = time.monotonic()
        if at >= of or now - self._told_at > TELL_EVERY_S:
            self._told_at = now
            self._told.emit(at, of)

    @Slot(int, int)
    def _on_told(self, at: int, of: int) -> None:
        self._change(at=at, of=of)

    def _fail(self, error: KnownError) -> None:
        self._change(doing=Doing.NOTHING, fault=str(error))

    def _change(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]
        self._derive()

    def _derive(self) -> None:
        self.show(derive_transfer(self._state))
