"""Runs the window with camera and recognition behind it, and joins everything at the end."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QImage

from kiosk.camera import FrameSlot
from kiosk.domain import Sighting, SightingState
from kiosk.errors import ConfigError, StorageError
from kiosk.gui.app.composition import ViewModels, build_view_models
from kiosk.gui.app.controller import Controller
from kiosk.gui.app.shop_access import products_of
from kiosk.gui.app.window import KioskWindow, gui_application
from kiosk.gui.camera.live_threads import LiveThreads, OpenSource
from kiosk.gui.look.state import Seen
from kiosk.gui.pin.storage import PinStorage
from kiosk.gui.products.proposals import ProposalFolder
from kiosk.gui.task_runner import TaskLanes
from kiosk.live import source_factory
from kiosk.settings import Settings
from kiosk.shop import Shop

OnSighting = Callable[[Sighting], None]
CARD_SETTLES_MS = 900  # the card's 240 ms of motion and its photo's loading; chosen by eye


def run_window(
    shop: Shop,
    *,
    settings: Settings | None = None,
    source: OpenSource | None = None,
    fullscreen: bool | None = None,
    kiosk_mode: bool | None = None,
    seconds: float | None = None,
    screenshot: Path | None = None,
    on_sighting: OnSighting | None = None,
) -> int:
    """Open the window and run until it is closed, or for `seconds`; returns an exit status.

    `source` makes the camera, by default the one that the settings name. `on_sighting` is
    called from the recognition thread. `screenshot` gets a picture of the window, with a
    result card if there was one. Every thread is joined when this returns.

    Raises:
        CameraError: the camera's name means nothing.
        ConfigError: kiosk mode without a PIN: the first person at the screen would set it.
        StorageError: the screenshot cannot be written.
    """
    changes = {"fullscreen": fullscreen, "kiosk_mode": kiosk_mode}
    given = {name: value for name, value in changes.items() if value is not None}
    settings = (settings or shop.settings).model_copy(update=given)
    if settings.kiosk_mode and not PinStorage(shop.values).load()[0]:
        raise ConfigError(
            "Kiosk mode needs a staff PIN, and this shop has none.",
            next_step="Set one with `kiosk pin set`, then start again.",
        )
    application = gui_application()
    session = Session(shop, settings, source, on_sighting)
    portrait = Portrait(session.view, session.view_models) if screenshot else None
    if seconds is not None:
        QTimer.singleShot(round(seconds * 1000), application.quit)
    previous_handler = signal.signal(signal.SIGINT, lambda *_: application.quit())
    try:
        session.start()
        status = application.exec()
        image = portrait.best() if portrait else None
    finally:
        session.close()
        signal.signal(signal.SIGINT, previous_handler)
    if image is not None and screenshot is not None and not image.save(str(screenshot)):
        raise StorageError(f"The picture of the window could not be written to {screenshot}.")
    return status


def upright_source(settings: Settings) -> OpenSource:
    """What opens the camera that the settings name; turning it is left to the threads."""
    return source_factory(settings.model_copy(update={"rotation": 0}))


class Session:
    """Everything that lives as long as one window, made and unmade in the right order.

    `release_clock` is handed to `build_view_models`.
    """

    def __init__(
        self,
        shop: Shop,
        settings: Settings,
        source: OpenSource | None = None,
        on_sighting: OnSighting | None = None,
        release_clock: Callable[[], float] = time.monotonic,
    ) -> None:
        shop.preload()
        gui_application()
        self.slot = slot = FrameSlot()
        self._settings = settings
        self._on_sighting = on_sighting
        self._shop = shop
        self.tasks = TaskLanes()
        proposals = ProposalFolder(settings.data_dir / "proposals")
        self.view_models: ViewModels = build_view_models(
            shop,
            settings,
            slot,
            self.tasks,
            proposals,
            release_clock=release_clock,
        )
        self.controller = Controller(self.view_models, shop, self.tasks, proposals)
        self.threads = LiveThreads(
            shop,
            source or upright_source(settings),
            slot,
            codes=shop,
            closer=shop,
            every=settings.every,
            rotation=settings.rotation,
            tell_sighting=self._tell_sighting,
            tell_status=self.view_models.camera.tell_status,
            tell_fault=self.view_models.camera.tell_fault,
        )
        self.view_models.camera.use(self.threads)
        self.controller.recognition_wanted.connect(self.threads.wanted)
        self.controller.settings.rotation_changed.connect(self._rotate)
        self.controller.settings.source_changed.connect(self._switch)
        self.view_models.app.quit_asked.connect(self._quit)
        shop.on_change(self.threads.look_again)
        self.view = KioskWindow(self.view_models, self.controller)

    def start(self) -> None:
        """Camera, recognition and window."""
        self.threads.start()
        self.open()

    def open(self) -> None:
        """The window alone, for drawing it without a camera."""
        self.controller.start()
        self.view.show(fullscreen=self._settings.fullscreen or self._settings.kiosk_mode)

    def close(self) -> None:
        """Threads first, so that nobody speaks to a window that is going."""
        self.view_models.camera.watch(False)
        self.threads.stop()
        self.tasks.close()
        self.view.close()

    def _tell_sighting(self, sighting: Sighting) -> None:
        if self._on_sighting is not None:
            self._on_sighting(sighting)
        self.view_models.camera.tell_sighting(sighting, lambda skus: products_of(self._shop, skus))

    def _rotate(self, degrees: int) -> None:
        self.threads.rotation = degrees

    def _switch(self, settings: Settings) -> None:
        self.threads.switch(upright_source(settings))

    def _quit(self) -> None:
        self.controller.leave()
        QGuiApplication.quit()


class Portrait(QObject):
    """Keeps one good picture of the window: with a result card, if one ever showed."""

    def __init__(self, view: KioskWindow, view_models: ViewModels) -> None:
        super().__init__()
        self._view = view
        self._image: QImage | None = None
        self._timer = QTimer(self, singleShot=True, interval=CARD_SETTLES_MS)
        self._timer.timeout.connect(self._take)
        view_models.camera.seen.connect(self._on_seen)

    @Slot(object)
    def _on_seen(self, seen: Seen) -> None:
        if self._image is None and seen.sighting.state is SightingState.MATCHED:
            self._timer.start()
        else:
            self._timer.stop()

    def _take(self) -> None:
        self._image = self._view.window.grabWindow()

    def best(self) -> QImage:
        return self._image if self._image is not None else self._view.window.grabWindow()
