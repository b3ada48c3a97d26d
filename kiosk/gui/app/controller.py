"""Joins the view models: who is told when something happens."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from kiosk.domain import SightingState
from kiosk.gui.app.composition import ViewModels
from kiosk.gui.app.request_counter import RequestCounter
from kiosk.gui.app.session import Screen, StaffPage
from kiosk.gui.app.settings_follower import SettingsFollower
from kiosk.gui.app.shop_access import scanned_by_hand
from kiosk.gui.look.state import Seen
from kiosk.gui.products.proposals import ProposalFolder
from kiosk.gui.setup.state import SetUpStep
from kiosk.gui.task_runner import TaskLanes
from kiosk.gui.widgets.picture_key import LAST_PICTURE, PictureKind
from kiosk.shop import Shop

QUIET_MS = 700  # an import changes many products: wait until it pauses; chosen by eye
LIVE_SCREENS = (Screen.ATTRACT, Screen.LOOK)


class StaffPart(Protocol):
    """A page behind the PIN that is told when it comes and goes."""

    def open(self) -> None: ...

    def close(self) -> None: ...


class Controller(QObject):
    """`recognition_wanted` lets the recognition rest where nobody sees its answers."""

    recognition_wanted = Signal(bool)
    _catalogue_changed = Signal()

    def __init__(
        self, view_models: ViewModels, shop: Shop, tasks: TaskLanes, proposals: ProposalFolder
    ) -> None:
        super().__init__()
        self._view_models = view_models
        self._shop = shop
        self._tasks = tasks
        self._proposals = proposals
        self._leaving = False
        self._page: StaffPage | None = None
        self._screen = view_models.app.view.screen
        self._with_picture = False
        self._changing_pin = False
        self.settings = SettingsFollower(view_models, shop, tasks.staff, proposals)
        self._requests = RequestCounter(shop, tasks.staff)
        self._settle = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._settle.timeout.connect(self._refresh_pictures)
        self._connect()
        shop.on_change(self._tell_change)

    def _connect(self) -> None:
        view_models = self._view_models
        view_models.camera.seen.connect(self.on_seen)
        view_models.app.changed.connect(self.on_app_changed)
        view_models.app.session_ended.connect(self.on_session_ended)
        view_models.pin.accepted.connect(self.on_pin_accepted)
        view_models.pin.left.connect(self.on_pin_left)
        view_models.look.tapped.connect(self.on_tapped)
        view_models.look.search_asked.connect(self.on_search_asked)
        view_models.setup.known.connect(self.on_setup_known)
        view_models.setup.changed.connect(self.on_setup_changed)
        view_models.setup.pin_wanted.connect(view_models.pin.open)
        view_models.enrol.enrolled.connect(view_models.setup.on_enrolled)
        view_models.enrol.activity.connect(view_models.app.touched)
        view_models.products.photograph_asked.connect(self.on_photograph)
        view_models.products.changed.connect(self.on_product_opened)
        view_models.suggestions.accepted.connect(view_models.products.select)
        view_models.requests.enrol_asked.connect(self.on_enrol_code)
        view_models.settings.pin_change_asked.connect(self.on_change_pin)
        self._catalogue_changed.connect(self._settle.start)

    def _tell_change(self) -> None:
        """From any thread, also when the window is gone already."""
        if not self._leaving:
            self._catalogue_changed.emit()

    def start(self) -> None:
        """Bring up the first screen."""
        self._enter(self._screen)
        self._view_models.setup.begin()

    @Slot()
    def on_setup_known(self) -> None:
        """What is missing was looked up: a new kiosk begins with its set-up."""
        if self._view_models.setup.view.step is not SetUpStep.DONE:
            self._view_models.app.go(Screen.SETUP)

    @Slot()
    def on_setup_changed(self) -> None:
        """A session begins with the set-up while that is not over."""
        app, is_over = self._view_models.app, self._view_models.setup.view.step is SetUpStep.DONE
        app.home_screen = Screen.ATTRACT if is_over else Screen.SETUP
        if is_over and app.view.screen is Screen.SETUP:
            app.home()

    @property
    def is_leaving(self) -> bool:
        return self._leaving

    def leave(self) -> None:
        """From now on the window may close, also in kiosk mode."""
        self._leaving = True

    @Slot()
    def on_search_asked(self) -> None:
        """Search on with the last picture."""
        self._with_picture = True
        self._view_models.app.go(Screen.FIND)

    @Slot()
    def on_pin_left(self) -> None:
        if self._screen is Screen.SETUP:
            self._view_models.setup.back()
        elif self._changing_pin:
            self._changing_pin = False
            self._view_models.app.unlock()
        else:
            self._view_models.app.home()

    @Slot()
    def on_activity(self) -> None:
        """A touch anywhere; the invitation wakes by its own tap, so that chips still work."""
        if self._view_models.app.view.screen is not Screen.ATTRACT:
            self._view_models.app.touched()

    @Slot(object)
    def on_seen(self, seen: Seen) -> None:
        view_models = self._view_models
        view_models.app.see(seen.sighting)
        view_models.setup.see(seen.sighting)
        if view_models.app.view.screen is not Screen.LOOK:
            return
        view_models.look.see(seen)
        self._requests.note(seen.sighting)
        if seen.sighting.state in (SightingState.MATCHED, SightingState.UNKNOWN):
            picture = view_models.camera.crop()
            if picture is not None:
                view_models.find.set_picture(picture)
                view_models.pictures.put(LAST_PICTURE, picture)

    def on_code_typed(self, text: str) -> None:
        """A barcode scanner has typed a code."""
        self._tasks.customer.run(lambda: scanned_by_hand(self._shop, text), self._on_scanned)

    def _on_scanned(self, seen: Seen) -> None:
        self._view_models.app.see(seen.sighting)
        if self._view_models.app.view.screen is Screen.LOOK:
            self._view_models.look.show_scanned(seen)
            self._requests.note(seen.sighting)

    @Slot()
    def on_app_changed(self) -> None:
        screen = self._view_models.app.view.screen
        page = self._view_models.app.view.page if screen is Screen.STAFF else None
        if screen is not self._screen or page is not self._page:
            self._leave(self._screen)
            self._screen, self._page = screen, page
            self._enter(screen)

    @Slot()
    def on_session_ended(self) -> None:
        view_models = self._view_models
        view_models.look.forget()
        view_models.find.forget()
        view_models.pictures.drop_all(PictureKind.LAST)
        self._changing_pin = False
        if view_models.setup.view.tried:
            view_models.setup.finish()

    @Slot()
    def on_pin_accepted(self) -> None:
        self._changing_pin = False
        if self._screen is Screen.SETUP:
            self._view_models.setup.on_pin()
        self._view_models.app.unlock()

    @Slot()
    def on_change_pin(self) -> None:
        self._changing_pin = True
        self._view_models.app.go(Screen.PIN)

    @Slot(str, str)
    def on_tapped(self, shown: str, chosen: str) -> None:
        """A correction counts only while staff have asked for it, and never enters by itself."""
        settings = self._view_models.settings.settings
        if not settings.learn_from_taps or shown == chosen:
            return
        picture = self._view_models.find.picture if settings.keep_tap_pictures and chosen else None

        def work() -> None:
            self._shop.taps.count_tap(shown, chosen or None)
            if picture is not None:
                self._proposals.add(chosen, picture)

        self._tasks.staff.run(work)

    @Slot(str)
    def on_enrol_code(self, code: str) -> None:
        self._view_models.enrol.begin_with_code(code)
        self._view_models.app.turnPage(StaffPage.ENROL)

    @Slot(str)
    def on_photograph(self, sku: str) -> None:
        self._view_models.enrol.photograph(sku)
        self._view_models.app.turnPage(StaffPage.ENROL)

    @Slot()
    def on_product_opened(self) -> None:
        self._view_models.suggestions.follow(self._view_models.products.selected_sku)

    def _enter(self, screen: Screen) -> None:
        view_models = self._view_models
        enrolling = screen is Screen.STAFF and view_models.app.view.page is StaffPage.ENROL
        view_models.camera.watch(screen in (Screen.LOOK, Screen.SETUP) or enrolling)
        self.recognition_wanted.emit(screen in LIVE_SCREENS or enrolling)
        if screen is Screen.SETUP:
            view_models.setup.open()
        elif screen is Screen.ATTRACT:
            view_models.attract.open()
        elif screen is Screen.FIND:
            view_models.find.open(with_picture=self._with_picture)
            self._with_picture = False
        elif screen is Screen.PIN:
            view_models.pin.open(change=self._changing_pin)
        elif screen is Screen.STAFF:
            view_models.app.set_fault(self._shop.fault)
            self._page = view_models.app.view.page
            self._staff_part(self._page).open()
            if self._page is StaffPage.PRODUCTS:
                view_models.requests.refresh()

    def _leave(self, screen: Screen) -> None:
        if screen is Screen.ATTRACT:
            self._view_models.attract.close()
        elif screen is Screen.LOOK:
            self._view_models.look.forget()
        elif screen is Screen.PIN:
            self._view_models.pin.close()
        elif screen is Screen.SETUP:
            self._view_models.setup.close()
            self._view_models.pin.close()
        elif screen is Screen.STAFF and self._page is not None:
            self._staff_part(self._page).close()

    def _staff_part(self, page: StaffPage) -> StaffPart:
        view_models = self._view_models
        pages: dict[StaffPage, StaffPart] = {
            StaffPage.ENROL: view_models.enrol,
            StaffPage.PRODUCTS: view_models.products,
            StaffPage.TRANSFER: view_models.transfer,
            StaffPage.HEALTH: view_models.health,
            StaffPage.SETTINGS: view_models.settings,
        }
        return pages[page]

    @Slot()
    def _refresh_pictures(self) -> None:
        self._view_models.pictures.forget_all(PictureKind.PRODUCT)
        self._view_models.attract.refresh()
        self._view_models.setup.refresh()
        self._view_models.app.set_fault(self._shop.fault)
