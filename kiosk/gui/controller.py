"""Joins the view models: who is told when something happens."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from kiosk.domain import SightingState
from kiosk.gui.find_view_model import LAST_PICTURE
from kiosk.gui.look_view_model import Seen
from kiosk.gui.parts import Parts
from kiosk.gui.screens import Screen, StaffPage
from kiosk.settings import Settings
from kiosk.shop import Shop

QUIET_MS = 700
LIVE_SCREENS = (Screen.ATTRACT, Screen.LOOK)


class StaffPart(Protocol):
    """A page behind the PIN that is told when it comes and goes."""

    def open(self) -> None: ...

    def close(self) -> None: ...


class Controller(QObject):
    """`recognition_wanted` lets the recognition rest where nobody sees its answers."""

    recognition_wanted = Signal(bool)
    rotation_changed = Signal(int)
    left = Signal()
    _catalogue_changed = Signal()

    def __init__(self, parts: Parts, shop: Shop) -> None:
        super().__init__()
        self._parts = parts
        self._shop = shop
        self._leaving = False
        self._page: StaffPage | None = None
        self._screen = parts.app.screen
        self._with_picture = False
        self._changing_pin = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(QUIET_MS)
        self._settle.timeout.connect(self._refresh_pictures)
        self._connect()
        shop.on_change(self._tell_change)

    def _connect(self) -> None:
        parts = self._parts
        parts.camera.seen.connect(self.on_seen)
        parts.app.changed.connect(self.on_app_changed)
        parts.app.session_ended.connect(self.on_session_ended)
        parts.pin.accepted.connect(self.on_pin_accepted)
        parts.look.tapped.connect(self.on_tapped)
        parts.enrol.activity.connect(parts.app.touched)
        parts.products.photograph_asked.connect(self.on_photograph)
        parts.products.changed.connect(self.on_product_opened)
        parts.suggestions.accepted.connect(parts.products.select)
        parts.settings.applied.connect(self.on_applied)
        parts.settings.pin_change_asked.connect(self.on_change_pin)
        self._catalogue_changed.connect(self._settle.start)

    def _tell_change(self) -> None:
        """From any thread, also when the window is gone already."""
        if not self._leaving:
            self._catalogue_changed.emit()

    def start(self) -> None:
        """Bring up the first screen."""
        self._parts.camera.set_mirrored(self._is_mirrored(self._parts.settings.settings))
        self._enter(self._screen)

    def _get_leaving(self) -> bool:
        return self._leaving

    leaving = Property(bool, _get_leaving, notify=left)

    def leave(self) -> None:
        """From now on the window may close, also in kiosk mode."""
        self._leaving = True
        self.left.emit()

    @Slot()
    def findLikeThis(self) -> None:
        """Search on with the last picture: "like this, but blue"."""
        self._with_picture = True
        self._parts.app.go(Screen.FIND)

    @Slot()
    def leavePin(self) -> None:
        if self._changing_pin:
            self._changing_pin = False
            self._parts.app.unlock()
        else:
            self._parts.app.home()

    @Slot()
    def on_activity(self) -> None:
        """A touch anywhere; the invitation wakes by its own tap, so that chips still work."""
        if self._parts.app.screen is not Screen.ATTRACT:
            self._parts.app.touched()

    @Slot(object)
    def on_seen(self, seen: Seen) -> None:
        parts = self._parts
        parts.app.see(seen.sighting)
        if parts.app.screen is not Screen.LOOK:
            return
        parts.look.see(seen)
        if seen.sighting.state in (SightingState.MATCHED, SightingState.UNKNOWN):
            picture = parts.camera.crop()
            if picture is not None:
                parts.find.set_picture(picture)
                parts.pictures.put(LAST_PICTURE, picture)

    @Slot()
    def on_app_changed(self) -> None:
        screen = self._parts.app.screen
        page = self._parts.app.page if screen is Screen.STAFF else None
        if screen is not self._screen or page is not self._page:
            self._leave(self._screen)
            self._screen, self._page = screen, page
            self._enter(screen)

    @Slot()
    def on_session_ended(self) -> None:
        parts = self._parts
        parts.look.forget()
        parts.find.forget()
        parts.pictures.drop(LAST_PICTURE)
        self._changing_pin = False

    @Slot()
    def on_pin_accepted(self) -> None:
        self._changing_pin = False
        self._parts.app.unlock()

    @Slot()
    def on_change_pin(self) -> None:
        self._changing_pin = True
        self._parts.app.go(Screen.PIN)

    @Slot(str, str)
    def on_tapped(self, shown: str, chosen: str) -> None:
        """A correction counts only while staff have asked for it, and never enters by itself."""
        settings = self._parts.settings.settings
        if not settings.learn_from_taps or shown == chosen:
            return
        picture = self._parts.find.picture if settings.keep_tap_pictures and chosen else None

        def work() -> None:
            self._shop.store.count_tap(shown, chosen or None)
            if picture is not None:
                self._parts.proposals.add(chosen, picture)

        self._parts.back.run(work)

    @Slot(str)
    def on_photograph(self, sku: str) -> None:
        self._parts.enrol.photograph(sku)
        self._parts.app.turnPage(StaffPage.ENROL)

    @Slot()
    def on_product_opened(self) -> None:
        self._parts.suggestions.follow(self._parts.products.selected_sku)

    @Slot(str, object)
    def on_applied(self, name: str, settings: Settings) -> None:
        parts = self._parts
        if name == "error_budget":
            budget = settings.error_budget
            parts.back.run(lambda: self._set_budget(budget))
        elif name == "mirror":
            parts.camera.set_mirrored(self._is_mirrored(settings))
        elif name == "language":
            parts.app.set_home_language(settings.language)
        elif name == "idle_timeout_s":
            parts.app.idle_timeout_s = settings.idle_timeout_s
        elif name == "rotation":
            self.rotation_changed.emit(settings.rotation)
        elif name == "keep_tap_pictures" and not settings.keep_tap_pictures:
            parts.back.run(parts.proposals.clear)

    def _set_budget(self, budget: float) -> None:
        self._shop.engine.error_budget = budget

    def _is_mirrored(self, settings: Settings) -> bool:
        return settings.mirror and self._parts.settings.mirror_matters

    def _enter(self, screen: Screen) -> None:
        parts = self._parts
        enrolling = screen is Screen.STAFF and parts.app.page is StaffPage.ENROL
        parts.camera.watch(screen is Screen.LOOK or enrolling)
        self.recognition_wanted.emit(screen in LIVE_SCREENS or enrolling)
        if screen is Screen.ATTRACT:
            parts.attract.open()
        elif screen is Screen.FIND:
            parts.find.open(with_picture=self._with_picture)
            self._with_picture = False
        elif screen is Screen.PIN:
            parts.pin.open(change=self._changing_pin)
        elif screen is Screen.STAFF:
            self._page = parts.app.page
            self._staff_part(self._page).open()

    def _leave(self, screen: Screen) -> None:
        if screen is Screen.ATTRACT:
            self._parts.attract.close()
        elif screen is Screen.LOOK:
            self._parts.look.forget()
        elif screen is Screen.PIN:
            self._parts.pin.close()
        elif screen is Screen.STAFF and self._page is not None:
            self._staff_part(self._page).close()

    def _staff_part(self, page: StaffPage) -> StaffPart:
        parts = self._parts
        pages: dict[StaffPage, StaffPart] = {
            StaffPage.ENROL: parts.enrol,
            StaffPage.PRODUCTS: parts.products,
            StaffPage.TRANSFER: parts.transfer,
            StaffPage.HEALTH: parts.health,
            StaffPage.SETTINGS: parts.settings,
        }
        return pages[page]

    @Slot()
    def _refresh_pictures(self) -> None:
        self._parts.pictures.forget("product/")
        self._parts.attract.refresh()
        self._parts.app.set_fault(self._shop.fault)
