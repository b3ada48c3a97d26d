"""The health screen: camera, model, speed, disk."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import psutil
from PySide6.QtCore import Slot

from kiosk.errors import KnownError
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.view_model import ViewModel
from kiosk.shop import LOW_DISK_MB, Shop
from kiosk.vision.models import find_model

REFRESH_MS = 2000  # chosen by eye
SLOW_ANALYSIS_MS = 250.0  # half of the half second within which a product is to be named


class Tone(StrEnum):
    """The colours of a fact; QML's `Tag` and `Notice` know them by these words."""

    SURE = "sure"
    UNSURE = "unsure"
    BAD = "bad"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Facts:
    """What was measured of catalogue, model, disk and memory."""

    model: str = ""
    dimension: int = 0
    commercial_use: str = ""
    is_tuned: bool = False
    products: int = 0
    photos: int = 0
    disk_free_mb: int = 0
    memory_mb: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Speed:
    """`analyse_ms` from a frame to its sighting; 0 where nothing was measured yet."""

    camera_state: str = "connecting"
    camera_message: str = ""
    frames_per_s: float = 0.0
    analyse_ms: float = 0.0
    up_s: float = 0.0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class HealthView:
    """Facts and speed, and what the screen makes of them."""

    known: bool
    facts: Facts
    speed: Speed
    camera_tone: Tone
    camera_fails: bool
    analysis_tone: Tone
    disk_tone: Tone
    disk_full: bool
    disk_free_gb: float
    up_minutes: int
    fault: str


def derive_health(facts: Facts | None, speed: Speed) -> HealthView:
    """What the screen says; without facts yet, nothing of the disk."""
    shown = facts or Facts()
    analyse_ms = round(speed.analyse_ms)
    camera_tone = {"live": Tone.SURE, "connecting": Tone.UNSURE}.get(speed.camera_state, Tone.BAD)
    disk_tone = _disk_tone(facts.disk_free_mb) if facts else Tone.PLAIN
    return HealthView(
        known=facts is not None,
        facts=shown,
        speed=replace(speed, frames_per_s=round(speed.frames_per_s, 1), analyse_ms=analyse_ms),
        camera_tone=camera_tone,
        camera_fails=camera_tone is Tone.BAD,
        analysis_tone=_analysis_tone(analyse_ms),
        disk_tone=disk_tone,
        disk_full=disk_tone is Tone.BAD,
        disk_free_gb=round(shown.disk_free_mb / 1000, 1),
        up_minutes=int(speed.up_s // 60),
        fault="\n".join(each for each in (shown.fault, speed.fault) if each),
    )


def _analysis_tone(analyse_ms: float) -> Tone:
    if not analyse_ms:
        return Tone.PLAIN
    return Tone.SURE if analyse_ms < SLOW_ANALYSIS_MS else Tone.UNSURE


def _disk_tone(free_mb: int) -> Tone:
    if free_mb < LOW_DISK_MB:
        return Tone.BAD
    return Tone.UNSURE if free_mb < 4 * LOW_DISK_MB else Tone.SURE


def measure(shop: Shop) -> Facts:
    """Reads catalogue, model folder, disk and memory: not for the GUI thread."""
    counts = shop.catalog.counts()
    index = shop.index
    card = find_model(index.model_id).card
    return Facts(
        model=card.title,
        dimension=index.dimension,
        commercial_use=card.licence.commercial_use,
        is_tuned=index.metric == "tuned",
        products=counts.products,
        photos=counts.photos,
        disk_free_mb=shutil.disk_usage(shop.settings.data_dir).free // 1_000_000,
        memory_mb=psutil.Process().memory_info().rss // 1_000_000,
        fault=shop.fault,
    )


class HealthViewModel(ViewModel[HealthView]):
    """Measures every two seconds while its screen is open."""

    def __init__(self, tasks: TaskRunner, shop: Shop, speed: Callable[[], Speed]) -> None:
        super().__init__(derive_health(None, Speed()))
        self._tasks = tasks
        self._shop = shop
        self._speed = speed
        self._facts: Facts | None = None
        self._measuring = False
        self._timer = self._make_timer(REFRESH_MS, self.refresh, once=False)

    def open(self) -> None:
        self._timer.start()
        self.refresh()

    def close(self) -> None:
        self._timer.stop()

    @Slot()
    def refresh(self) -> None:
        if not self._measuring:
            self._measuring = True
            self._tasks.run(lambda: measure(self._shop), self._measured, self._failed)
        self._derive()

    def _measured(self, facts: Facts) -> None:
        self._measuring = False
        self._facts = facts
        self._derive()

    def _failed(self, error: KnownError) -> None:
        self._measured(replace(self._facts or Facts(), fault=str(error)))

    def _derive(self) -> None:
        self.show(derive_health(self._facts, self._speed()))


def started() -> Callable[[], float]:
    """Return a function that tells the seconds since this call."""
    begin = time.monotonic()
    return lambda: time.monotonic() - begin
