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
from kiosk.gui.controller import Controller
from kiosk.gui.coverage import add_bundled_fonts
from kiosk.gui.frame_item import FrameItem
from kiosk.gui.guard import Guard
from kiosk.gui.icons import IconProvider
from kiosk.gui.language import Language
from kiosk.gui.parts import Parts
from kiosk.gui.picture_item import RoundedPicture
from kiosk.gui.screens import Screen
from kiosk.resources import assets_dir

QML_DIR = Path(__file__).parent / "qml"
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
    """Make our painted items known to QML as the module `Kiosk`."""
    qmlRegisterType(FrameItem, "Kiosk", 1, 0, "FrameItem")  # type: ignore[call-overload]
    qmlRegisterType(RoundedPicture, "Kiosk", 1, 0, "RoundedPicture")  # type: ignore[call-overload]


class KioskWindow:
    """Builds the QML tree and takes it down before the view models that it is bound to."""

    def __init__(self, parts: Parts, controller: Controller) -> None:
        register_types()
        self._parts = parts
        self._controller = controller
        self._engine = QQmlApplicationEngine()
        self._engine.addImportPath(str(QML_DIR))
        self._icons = IconProvider(assets_dir() / "icons")
        self._engine.addImageProvider("icon", self._icons)
        self._objects: dict[str, QObject] = {**parts.by_name(), "kiosk": controller}
        for name, thing in self._objects.items():
            self._engine.rootContext().setContextProperty(name, thing)
        self._language = Language(assets_dir() / "i18n", self._engine)
        self._language.speak(parts.app.language)
        parts.app.language_changed.connect(self._language.speak)
        self._engine.load(QUrl.fromLocalFile(str(QML_DIR / "Main.qml")))
        if not self._engine.rootObjects():
            raise BugError("The window's QML could not be loaded; see the messages before.")
        self.window: QQuickWindow = self._engine.rootObjects()[0]  # type: ignore[assignment]
        self._guard = Guard(controller.on_activity, self._is_shut)
        self.window.installEventFilter(self._guard)

    def show(self, *, fullscreen: bool) -> None:
        if fullscreen:
            self.window.showFullScreen()
        else:
            self.window.show()

    def close(self) -> None:
        self._controller.leave()
        self._parts.app.language_changed.disconnect(self._language.speak)
        self._language.silence()
        self.window.removeEventFilter(self._guard)
        self.window.close()
        # Now, not when Python gets round to it: no binding may see a view model vanish.
        shiboken6.delete(self._engine)

    def _is_shut(self) -> bool:
        app = self._parts.app
        staff = app.screen is Screen.STAFF
        return app.kiosk_mode and not staff and not self._controller.leaving
