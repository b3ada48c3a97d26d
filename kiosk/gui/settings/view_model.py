"""The settings screen. A change is shown at once, and stored by the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot

from kiosk.domain import Price
from kiosk.errors import KnownError
from kiosk.gui.app.language import LANGUAGES, SOURCE_LANGUAGE
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.view_model import ViewModel
from kiosk.money import CURRENCIES, format_price, minor_digits
from kiosk.settings import Settings, save_settings

BUDGETS = (0.05, 0.02, 0.01, 0.005, 0.001)  # the default, 1 in 50, and steps about it, by eye
EXAMPLE = 1299  # with thousands, so that both marks of a price show; chosen
ROTATIONS = (0, 90, 180, 270)
IDLE_TIMES_S = (20, 45, 90, 180)  # chosen by eye
# Item number, then price or weight, as most scales print them; others are set in the file.
LAYOUTS = ("", "2IIIIIIPPPPPC", "2IIIIIIWWWWWC")


@dataclass(frozen=True, slots=True)
class SettingsView:
    """A choice is an index into its choices, -1 for a value that was set by hand.

    `one_in` says what the step of the error budget means: "wrong at most 1 time in N".
    """

    budget_step: int
    budget_steps: int
    one_in: int
    language: str
    languages: tuple[str, ...]
    language_choice: int
    mirror: bool
    mirror_matters: bool
    rotation_choice: int
    rotations: tuple[str, ...]
    reduced_motion: bool
    learn_from_taps: bool
    keep_tap_pictures: bool
    idle_time_choice: int
    idle_times_s: tuple[str, ...]
    source: str
    currency: str
    currencies: tuple[str, ...]
    price_example: str
    layout_choice: int
    fault: str = ""


def derive_settings(settings: Settings) -> SettingsView:
    step = nearest_step(settings.error_budget)
    language = settings.language or SOURCE_LANGUAGE
    example = Price(EXAMPLE * 10 ** minor_digits(settings.currency), settings.currency)
    return SettingsView(
        budget_step=step,
        budget_steps=len(BUDGETS),
        one_in=round(1 / BUDGETS[step]),
        language=language,
        languages=tuple(LANGUAGES.values()),
        language_choice=_index(tuple(LANGUAGES), language),
        mirror=settings.mirror,
        mirror_matters=is_webcam(settings.source),
        rotation_choice=_index(ROTATIONS, settings.rotation),
        rotations=tuple(map(str, ROTATIONS)),
        reduced_motion=settings.reduced_motion,
        learn_from_taps=settings.learn_from_taps,
        keep_tap_pictures=settings.keep_tap_pictures,
        idle_time_choice=_index(IDLE_TIMES_S, settings.idle_timeout_s),
        idle_times_s=tuple(map(str, IDLE_TIMES_S)),
        source=settings.source,
        currency=settings.currency,
        currencies=CURRENCIES,
        price_example=format_price(example),
        layout_choice=_index(LAYOUTS, settings.in_store_layout),
    )


def is_webcam(source: str) -> bool:
    """Whether a person stands before the screen and sees themself: a mirror helps then."""
    return source.rsplit(":", 1)[-1].isdigit() or source.startswith("/dev/")


def nearest_step(budget: float) -> int:
    """The dial's position for a budget that may have been set by hand."""
    return min(range(len(BUDGETS)), key=lambda step: abs(1 / BUDGETS[step] - 1 / budget))


def _index(choices: tuple[object, ...], value: object) -> int:
    return choices.index(value) if value in choices else -1


class SettingsViewModel(ViewModel[SettingsView]):
    """`applied` carries the settings before and after a change, for what must follow it."""

    applied = Signal(object, object)
    pin_change_asked = Signal()

    def __init__(
        self,
        tasks: TaskRunner,
        settings: Settings,
        save: Callable[..., None] = save_settings,
    ) -> None:
        super().__init__(derive_settings(settings))
        self._tasks = tasks
        self._settings = settings
        self._save = save

    def open(self) -> None:
        """The screen comes up: an old complaint is over."""
        self._change(fault="")

    def close(self) -> None:
        """The screen goes; everything was stored when it was changed."""

    @property
    def settings(self) -> Settings:
        return self._settings

    @Slot(int)
    def setBudgetStep(self, step: int) -> None:
        if 0 <= step < len(BUDGETS):
            self._set(error_budget=BUDGETS[step])

    @Slot(int)
    def chooseLanguage(self, index: int) -> None:
        self._set(language=tuple(LANGUAGES)[index])

    @Slot(str)
    def setCurrency(self, currency: str) -> None:
        """What is enrolled from now on has this currency; prices that are stored keep theirs."""
        self._set(currency=currency)

    @Slot(str)
    def setSource(self, source: str) -> None:
        self._set(source=source)

    @Slot(bool)
    def setMirror(self, on: bool) -> None:
        self._set(mirror=on)

    @Slot(int)
    def chooseRotation(self, index: int) -> None:
        self._set(rotation=ROTATIONS[index])

    @Slot(bool)
    def setReducedMotion(self, on: bool) -> None:
        self._set(reduced_motion=on)

    @Slot(bool)
    def setLearnFromTaps(self, on: bool) -> None:
        """Without counting corrections there is none whose picture could be kept."""
        self._set(learn_from_taps=on, keep_tap_pictures=on and self._settings.keep_tap_pictures)

    @Slot(bool)
    def setKeepTapPictures(self, on: bool) -> None:
        self._set(keep_tap_pictures=on)

    @Slot(int)
    def chooseIdleTime(self, index: int) -> None:
        self._set(idle_timeout_s=IDLE_TIMES_S[index])

    @Slot(int)
    def chooseLayout(self, index: int) -> None:
        self._set(in_store_layout=LAYOUTS[index])

    @Slot()
    def changePin(self) -> None:
        self.pin_change_asked.emit()

    def _set(self, **values: object) -> None:
        """Show, announce and store what differs from the settings so far."""
        before = self._settings
        values = {name: value for name, value in values.items() if getattr(before, name) != value}
        if not values:
            return
        self._settings = before.model_copy(update=values)
        self.show(derive_settings(self._settings))
        self.applied.emit(before, self._settings)
        self._tasks.run(lambda: self._save(before.data_dir, values), None, self._fail)

    def _fail(self, error: KnownError) -> None:
        self._change(fault=str(error))
