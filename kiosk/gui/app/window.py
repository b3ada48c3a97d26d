"""The window itself: engine, fonts, icons, and the QML tree over the view models."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine, qmlRegisterType
from PySide6.QtQuick import QQuickWindow

from kiosk.errors import BugError
from kiosk.gui.app.activity_filter import ActivityFilter
from kiosk.gui.app.composition import ViewModels
from kiosk.gui.app.controller import Controller
from kiosk.gui.app.fonts import add_bundled_fonts
from kiosk.gui.app.language import Language
from kiosk.gui.app.session import Screen
from kiosk.gui.camera.frame_item import FrameItem
from kiosk.gui.widgets.icons import IconProvider
from kiosk.gui.widgets.picture_item import RoundedPicture
from kiosk.resources import assets_dir

QML_DIR = Path(__file__).parent.parent
FONTS = ("Inter", "Noto Sans TC")


def gui_application() -> QGuiApplication:
    """The one application object, with our fonts and the render loop that Python needs."""
    # One thread draws: a Python item that paints in a render thread waits for the GIL.
    os.environ.setdefault("QSG_RENDER_LOOP", "basic")
    existing = QGuiApplication.instance()
    if isinstance(existing, QGuiApplication):
        return existing
    application = QGuiApplication(sys.argv[:1])
    application.setApplicationName("Shelflens")
    add_bundled_fonts()
    font = QFont()
    font.setFamilies(list(FONTS))
    application.setFont(font)
    return application


def register_types() -> None:
    """Make our painted items known to QML as the module `Shelflens`."""
    qmlRegisterType(FrameItem, "Shelflens", 1, 0, "FrameItem")  # type: ignore[call-overload]
    qmlRegisterType(RoundedPicture, "Shelflens", 1, 0, "RoundedPicture")  # type: ignore[call-overload]


class KioskWindow:
    """Builds the QML tree and takes it down before the view models that it is bound to."""

    def __init__(self, view_models: ViewModels, controller: Controller) -> None:
        register_types()
        self._view_models = view_models
        self._controller = controller
        self._engine = QQmlApplicationEngine()
        self._icons = IconProvider(assets_dir() / "icons")
        self._engine.addImageProvider("icon", self._icons)
        self._objects: dict[str, QObject] = {**view_models.by_name(), "kiosk": controller}
        for name, thing in self._objects.items():
            self._engine.rootContext().setContextProperty(name, thing)
        self._language = Language(assets_dir() / "i18n", self._engine)
        self._language.speak(view_models.app.language)
        view_models.app.language_changed.connect(self._language.speak)
        self._engine.load(QUrl.fromLocalFile(str(QML_DIR / "app" / "Main.qml")))
        if not self._engine.rootObjects():
            raise BugError("The window's QML could not be loaded; see the messages before.")
        self.window: QQuickWindow = self._engine.rootObjects()[0]  # type: ignore[assignment]
        self._filter = ActivityFilter(controller.on_activity, self._is_shut)
        self.window.installEventFilter(self._filter)

    def show(self, *, fullscreen: bool) -> None:
        if fullscreen:
            self.window.showFullScreen()
        else:
            self.window.show()

    def close(self) -> None:
        self._controller.leave()
        self._view_models.app.language_changed.disconnect(self._language.speak)
        self._language.silence()
        self.window.removeEventFilter(self._filter)
        self.window.close()
        # Now, not when Python gets round to it: no binding may see a view model vanish.
        shiboken6.delete(self._engine)

    def _is_shut(self) -> bool:
        app = self._view_models.app
        staff = app.screen is Screen.STAFF
        return app.kiosk_mode and not staff and not self._controller.leaving
