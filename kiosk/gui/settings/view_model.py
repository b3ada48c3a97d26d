"""The settings screen. A change is shown at once, and stored by the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal, Slot

from kiosk.errors import KnownError
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.variant_view_model import VariantViewModel as ViewModel
from kiosk.settings import Settings, save_settings

BUDGETS = (0.05, 0.02, 0.01, 0.005, 0.001)
ROTATIONS = (0, 90, 180, 270)
IDLE_TIMES_S = (20, 45, 90, 180)


@dataclass(frozen=True, slots=True)
class SettingsView:
    """`budget_step` points into `one_in`: "wrong at most 1 in N"."""

    budget_step: int
    one_in: tuple[int, ...]
    language: str
    mirror: bool
    mirror_matters: bool
    rotation: int
    reduced_motion: bool
    learn_from_taps: bool
    keep_tap_pictures: bool
    idle_timeout_s: int
    idle_times_s: tuple[int, ...]
    currency: str
    fault: str = ""


def derive_settings(settings: Settings, mirror_matters: bool, fault: str = "") -> SettingsView:
    return SettingsView(
        budget_step=nearest_step(settings.error_budget),
        one_in=tuple(round(1 / budget) for budget in BUDGETS),
        language=settings.language or "en",
        mirror=settings.mirror,
        mirror_matters=mirror_matters,
        rotation=settings.rotation,
        reduced_motion=settings.reduced_motion,
        learn_from_taps=settings.learn_from_taps,
        keep_tap_pictures=settings.keep_tap_pictures,
        idle_timeout_s=settings.idle_timeout_s,
        idle_times_s=IDLE_TIMES_S,
        currency=settings.currency,
        fault=fault,
    )


def nearest_step(budget: float) -> int:
    """The dial's position for a budget that may have been set by hand."""
    return min(range(len(BUDGETS)), key=lambda step: abs(1 / BUDGETS[step] - 1 / budget))


class SettingsViewModel(ViewModel):
    """`applied` carries the settings before and after a change."""

    applied = Signal(object, object)
    pin_change_asked = Signal()

    def __init__(
        self,
        tasks: TaskRunner,
        settings: Settings,
        mirror_matters: bool,
        save: Callable[..., None] = save_settings,
    ) -> None:
        super().__init__()
        self._tasks = tasks
        self._settings = settings
        self._mirror_matters = mirror_matters
        self._save = save
        self._derive()

    def open(self) -> None:
        """The screen comes up: an old complaint is over."""
        self._derive()

    def close(self) -> None:
        """The screen goes; everything was stored when it was changed."""

    @property
    def mirror_matters(self) -> bool:
        return self._mirror_matters

    @property
    def settings(self) -> Settings:
        return self._settings

    @Slot(int)
    def setBudgetStep(self, step: int) -> None:
        if 0 <= step < len(BUDGETS):
            self._set("error_budget", BUDGETS[step])

    @Slot(str)
    def setLanguage(self, language: str) -> None:
        self._set("language", language)

    @Slot(bool)
    def setMirror(self, on: bool) -> None:
        self._set("mirror", on)

    @Slot(int)
    def setRotation(self, degrees: int) -> None:
        if degrees in ROTATIONS:
            self._set("rotation", degrees)

    @Slot(bool)
    def setReducedMotion(self, on: bool) -> None:
        self._set("reduced_motion", on)

    @Slot(bool)
    def setLearnFromTaps(self, on: bool) -> None:
        self._set("learn_from_taps", on)
        if not on:
            self._set("keep_tap_pictures", False)

    @Slot(bool)
    def setKeepTapPictures(self, on: bool) -> None:
        self._set("keep_tap_pictures", on)

    @Slot(int)
    def setIdleTimeout(self, seconds: int) -> None:
        self._set("idle_timeout_s", seconds)

    @Slot()
    def changePin(self) -> None:
        self.pin_change_asked.emit()

    def _set(self, name: str, value: Any) -> None:
        if getattr(self._settings, name) == value:
            return
        before = self._settings
        self._settings = before.model_copy(update={name: value})
        self._derive()
        self.applied.emit(before, self._settings)
        folder = self._settings.data_dir
        self._tasks.run(lambda: self._save(folder, {name: value}), None, self._fail)

    def _fail(self, error: KnownError) -> None:
        self._derive(str(error))

    def _derive(self, fault: str = "") -> None:
        self.show(derive_settings(self._settings, self._mirror_matters, fault))
