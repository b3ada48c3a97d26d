"""The window itself: engine, fonts, icons, and the QML tree over the view models."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import cast

import shiboken6
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtQml import (
    QQmlApplicationEngine,
    QQmlEngine,
    qmlRegisterSingletonType,
    qmlRegisterType,
)
from PySide6.QtQuick import QQuickItem, QQuickWindow

from kiosk.errors import BugError
from kiosk.gui.app.activity_filter import ActivityFilter
from kiosk.gui.app.composition import Kiosk, ViewModels
from kiosk.gui.app.controller import LIVE_SCREENS, Controller
from kiosk.gui.app.fonts import add_bundled_fonts
from kiosk.gui.app.language import Language
from kiosk.gui.app.session import Screen
from kiosk.gui.camera.frame_item import FrameItem
from kiosk.gui.view_model import QML_MODULE
from kiosk.gui.widgets.icons import IconProvider
from kiosk.gui.widgets.picture_item import RoundedPicture
from kiosk.resources import assets_dir

QML_DIR = Path(__file__).parent.parent
PAINTED_ITEMS = (FrameItem, RoundedPicture)
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


class WindowEngine(QQmlApplicationEngine):
    """A QML engine whose singleton `Kiosk` is the one it was made with."""

    def __init__(self, kiosk: Kiosk) -> None:
        super().__init__()
        self.kiosk = kiosk
        # Python made it: no engine may delete it.
        QQmlEngine.setObjectOwnership(kiosk, QQmlEngine.ObjectOwnership.CppOwnership)


@cache
def register_types() -> None:
    """Make our painted items and the root `Kiosk` known to QML; view models follow from it."""
    for item in PAINTED_ITEMS:
        qmlRegisterType(item, QML_MODULE, 1, 0, item.__name__)  # type: ignore[call-overload]
    qmlRegisterSingletonType(Kiosk, QML_MODULE, 1, 0, "Kiosk", _kiosk_of)  # type: ignore[call-overload]


def _kiosk_of(engine: QQmlEngine) -> Kiosk:
    return cast("WindowEngine", engine).kiosk


class KioskWindow:
    """Builds the QML tree and takes it down before the view models that it is bound to."""

    def __init__(self, view_models: ViewModels, controller: Controller) -> None:
        register_types()
        self._app = view_models.app
        self._controller = controller
        self._engine = WindowEngine(Kiosk(view_models))
        self._icons = IconProvider(assets_dir() / "icons")
        self._engine.addImageProvider("icon", self._icons)
        self._language = Language(assets_dir() / "i18n", self._engine)
        self._retranslate()
        self._app.changed.connect(self._retranslate)
        self._engine.load(QUrl.fromLocalFile(str(QML_DIR / "app" / "Main.qml")))
        if not self._engine.rootObjects():
            raise BugError("The window's QML could not be loaded; see the messages before.")
        self.window: QQuickWindow = self._engine.rootObjects()[0]  # type: ignore[assignment]
        self._filter = ActivityFilter(
            controller.on_activity, self._is_shut, controller.on_code_typed, self._is_listening
        )
        self.window.installEventFilter(self._filter)

    def show(self, *, fullscreen: bool) -> None:
        if fullscreen:
            self.window.showFullScreen()
        else:
            self.window.show()

    def close(self) -> None:
        self._controller.leave()
        self._app.changed.disconnect(self._retranslate)
        self._language.silence()
        self.window.removeEventFilter(self._filter)
        self.window.close()
        # Now, not when Python gets round to it: no binding may see a view model vanish.
        shiboken6.delete(self._engine)

    def _retranslate(self) -> None:
        self._language.speak(self._app.view.language)

    def _is_listening(self) -> bool:
        """Whether keys may come from a barcode scanner, and are not for a text field."""
        item = self.window.activeFocusItem()
        is_typing = item is not None and bool(item.flags() & QQuickItem.Flag.ItemAcceptsInputMethod)
        return self._app.view.screen in LIVE_SCREENS and not is_typing

    def _is_shut(self) -> bool:
        shut = self._app.view.kiosk_mode and self._app.view.screen is not Screen.STAFF
        return shut and not self._controller.is_leaving
