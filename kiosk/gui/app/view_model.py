"""The window as a whole: screen, language, idle reset, notes to the person."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot

from kiosk.domain import Sighting, SightingState
from kiosk.gui.app import session as screens
from kiosk.gui.app.language import LANGUAGES
from kiosk.gui.app.session import Idleness, Screen, Session, StaffPage
from kiosk.gui.view_model import ViewModel

TICK_MS = 500  # half of the countdown's step
NOT_IDLE = Idleness()


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """A language that can be changed to; `name` is its own word for itself."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AppView:
    """`idle_left` is above 0 while "Are you still there?" is asked, in seconds."""

    language: str
    kiosk_mode: bool
    screen: Screen = Screen.ATTRACT
    page: StaffPage = StaffPage.ENROL
    idle_left: int = 0
    fault: str = ""

    @property
    def other_languages(self) -> tuple[LanguageRow, ...]:
        """Those not spoken now; the first is the one that a change to the next leads to."""
        codes = list(LANGUAGES)
        at = codes.index(self.language)
        return tuple(LanguageRow(c, LANGUAGES[c]) for c in (*codes[at + 1 :], *codes[:at]))


class AppViewModel(ViewModel[AppView]):
    """Moves between the screens. `session_ended` tells the others to forget the customer."""

    session_ended = Signal()
    quit_asked = Signal()

    def __init__(
        self,
        *,
        language: str,
        idle_timeout_s: float,
        kiosk_mode: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(AppView(language, kiosk_mode))
        self._clock = clock
        self._home_language = language
        self.home_screen = Screen.ATTRACT
        self.idle_timeout_s = idle_timeout_s
        self._something_there = False
        self._session = Session(active_at_s=clock())
        self._make_timer(TICK_MS, self.tick, once=False).start()

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
        """End the session: back to the first screen, the shop's own language, nothing kept."""
        self._become(Session(self.home_screen, active_at_s=self._clock()))
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
        if not self.view.kiosk_mode or self.view.screen is Screen.STAFF:
            self.quit_asked.emit()

    def set_home_language(self, language: str) -> None:
        self._home_language = language
        self.home_screen = Screen.ATTRACT
        self._speak(language)

    def set_fault(self, sentence: str) -> None:
        self._change(fault=sentence)

    def unlock(self) -> None:
        self._become(screens.unlock(self._session, self._clock()))

    def see(self, sighting: Sighting) -> None:
        self._something_there = sighting.state is not SightingState.IDLE
        self._become(screens.see(self._session, sighting, self._clock()))

    @Slot()
    def tick(self) -> None:
        if self._something_there and self.view.screen is Screen.LOOK:
            # Sightings come when something changes: a product held still is no idleness.
            self._session = screens.touch(self._session, self._clock())
        idle = screens.idleness(self._session, self.idle_timeout_s, self._clock())
        if idle.is_over:
            self.home()
        else:
            self._become(self._session, idle)

    def _speak(self, language: str) -> None:
        if language in LANGUAGES:
            self._change(language=language)

    def _become(self, session: Session, idle: Idleness = NOT_IDLE) -> None:
        self._session = session
        left = idle.seconds_left if idle.warns else 0
        self._change(screen=session.screen, page=session.page, idle_left=left)
