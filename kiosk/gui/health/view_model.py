"""The health screen: camera, model, speed, disk."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import psutil
from PySide6.QtCore import QTimer, Slot

from kiosk.errors import KnownError
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.variant_view_model import VariantViewModel as ViewModel
from kiosk.shop import LOW_DISK_MB, Shop
from kiosk.vision.models import find_model

REFRESH_MS = 2000
SLOW_RATE = 12.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What was measured; sizes in MB."""

    model: str = ""
    dimension: int = 0
    commercial_use: str = ""
    metric: str = ""
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
    known: bool
    camera_state: str
    camera_tone: str
    camera_message: str
    frames_per_s: float
    rate_tone: str
    analyse_ms: float
    model: str
    dimension: int
    commercial_use: str
    metric: str
    products: int
    photos: int
    disk_free_gb: float
    disk_tone: str
    memory_mb: int
    up_minutes: int
    fault: str


def derive_health(facts: Facts | None, speed: Speed) -> HealthView:
    """What the screen says; a tone is "sure", "unsure" or "bad"."""
    known = facts or Facts()
    low = known.disk_free_mb < LOW_DISK_MB
    nearly = known.disk_free_mb < 4 * LOW_DISK_MB
    return HealthView(
        known=facts is not None,
        camera_state=speed.camera_state,
        camera_tone={"live": "sure", "connecting": "unsure"}.get(speed.camera_state, "bad"),
        camera_message=speed.camera_message,
        frames_per_s=round(speed.frames_per_s, 1),
        rate_tone="sure" if speed.frames_per_s >= SLOW_RATE else "unsure",
        analyse_ms=round(speed.analyse_ms),
        model=known.model,
        dimension=known.dimension,
        commercial_use=known.commercial_use,
        metric=known.metric,
        products=known.products,
        photos=known.photos,
        disk_free_gb=round(known.disk_free_mb / 1000, 1),
        disk_tone="bad" if low else ("unsure" if nearly else "sure"),
        memory_mb=known.memory_mb,
        up_minutes=int(speed.up_s // 60),
        fault="\n".join(each for each in (known.fault, speed.fault) if each),
    )


def measure(shop: Shop) -> Facts:
    """Reads catalogue, model folder, disk and memory: not for the GUI thread."""
    counts = shop.store.counts()
    card = find_model(shop.encoder.model_id).card
    return Facts(
        model=card.title,
        dimension=shop.encoder.dimension,
        commercial_use=card.licence.commercial_use,
        metric=shop.engine.metric_name,
        products=counts.products,
        photos=counts.photos,
        disk_free_mb=shutil.disk_usage(shop.settings.data_dir).free // 1_000_000,
        memory_mb=psutil.Process().memory_info().rss // 1_000_000,
        fault=shop.fault,
    )


class HealthViewModel(ViewModel):
    """Measures every two seconds while its screen is open."""

    def __init__(self, tasks: TaskRunner, shop: Shop, speed: Callable[[], Speed]) -> None:
        super().__init__()
        self._tasks = tasks
        self._shop = shop
        self._speed = speed
        self._facts: Facts | None = None
        self._measuring = False
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self.show(derive_health(None, Speed()))

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
        self._measuring = False
        self._facts = replace(self._facts or Facts(), fault=str(error))
        self._derive()

    def _derive(self) -> None:
        self.show(derive_health(self._facts, self._speed()))


def started() -> Callable[[], float]:
    """Seconds since now."""
    begin = time.monotonic()
    return lambda: time.monotonic() - begin
