"""The window as a whole: screen, language, idle reset, notes to the person."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal, Slot

from kiosk.domain import Sighting, SightingState
from kiosk.gui.app import session as screens
from kiosk.gui.app.session import Idleness, Screen, Session, StaffPage
from kiosk.gui.view_model import ViewModel

LANGUAGES = ("en", "zh_TW", "vi")
TICK_MS = 500


@dataclass(frozen=True, slots=True)
class AppView:
    """`idle_left` is above 0 while "Are you still there?" is asked, in seconds."""

    screen: Screen
    page: StaffPage
    idle_left: int
    language: str
    kiosk_mode: bool
    fault: str = ""


def derive_app(
    session: Session, idle: Idleness, language: str, kiosk_mode: bool, fault: str = ""
) -> AppView:
    return AppView(
        screen=session.screen,
        page=session.page,
        idle_left=idle.seconds_left if idle.warns else 0,
        language=language,
        kiosk_mode=kiosk_mode,
        fault=fault,
    )


class AppViewModel(ViewModel):
    """Moves between the screens. `session_ended` tells the others to forget the customer."""

    session_ended = Signal()
    screen_changed = Signal(str)
    language_changed = Signal(str)
    quit_asked = Signal()

    def __init__(
        self,
        *,
        language: str,
        idle_timeout_s: float,
        kiosk_mode: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._clock = clock
        self._home_language = language
        self._language = language
        self.idle_timeout_s = idle_timeout_s
        self._kiosk_mode = kiosk_mode
        self._fault = ""
        self._something_there = False
        self._session = Session(active_at_s=clock())
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self._derive()

    @property
    def screen(self) -> Screen:
        return self._session.screen

    @property
    def page(self) -> StaffPage:
        return self._session.page

    @property
    def language(self) -> str:
        return self._language

    @property
    def kiosk_mode(self) -> bool:
        return self._kiosk_mode

    @Slot()
    def touched(self) -> None:
        self._become(screens.touch(self._session, self._clock()))

    @Slot(str)
    def go(self, screen: str) -> None:
        self._become(screens.go(self._session, Screen(screen), self._clock()))

    @Slot(str)
    def turnPage(self, page: str) -> None:
        self._become(screens.turn_page(self._session, StaffPage(page), self._clock()))

    @Slot()
    def home(self) -> None:
        """End the session: back to the invitation, the shop's own language, nothing kept."""
        self._become(Session(active_at_s=self._clock()))
        self._speak(self._home_language)
        self.session_ended.emit()

    @Slot(str)
    def speak(self, language: str) -> None:
        """A customer chose a language; the next one starts with the shop's."""
        self._speak(language)
        self._session = screens.go(self._session, self._session.screen, self._clock())

    @Slot()
    def quit(self) -> None:
        """Close the kiosk; in kiosk mode only from behind the PIN."""
        if not self._kiosk_mode or self.screen is Screen.STAFF:
            self.quit_asked.emit()

    def set_home_language(self, language: str) -> None:
        self._home_language = language
        self._speak(language)

    def set_fault(self, sentence: str) -> None:
        self._fault = sentence
        self._derive()

    def unlock(self) -> None:
        self._become(screens.unlock(self._session, self._clock()))

    def see(self, sighting: Sighting) -> None:
        self._something_there = sighting.state is not SightingState.IDLE
        self._become(screens.see(self._session, sighting, self._clock()))

    @Slot()
    def tick(self) -> None:
        if self._something_there and self.screen is Screen.LOOK:
            # Sightings come when something changes: a product held still is no idleness.
            self._session = screens.touch(self._session, self._clock())
        idle = screens.idleness(self._session, self.idle_timeout_s, self._clock())
        if idle.is_over:
            self.home()
        else:
            self._derive(idle)

    def _speak(self, language: str) -> None:
        if language in LANGUAGES and language != self._language:
            self._language = language
            self._derive()
            self.language_changed.emit(language)

    def _become(self, session: Session) -> None:
        moved = session.screen is not self._session.screen
        self._session = session
        self._derive()
        if moved:
            self.screen_changed.emit(session.screen.value)

    def _derive(self, idle: Idleness | None = None) -> None:
        self.show(
            derive_app(
                self._session, idle or Idleness(), self._language, self._kiosk_mode, self._fault
            )
        )
