"""A picture with round corners, painted by us: the software renderer does not clip to them."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Property, QObject, QRectF, Signal, Slot
from PySide6.QtGui import QBrush, QImage, QPainter, QPainterPath, QTransform
from PySide6.QtQuick import QQuickPaintedItem

from kiosk.gui.widgets.picture_cache import PictureCache
from kiosk.gui.widgets.picture_key import PictureKey

MOST_CUT = 1.4  # a quarter of the longer side goes at most; chosen by eye


class RoundedPicture(QQuickPaintedItem):
    """Shows the cache's picture of `key`: it fills the item where that cuts little of it.

    Where filling would cut more than about a quarter, or with `whole`, it is shown whole.
    """

    key_changed = Signal()
    cache_changed = Signal()
    radius_changed = Signal()
    whole_changed = Signal()
    ready_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(cast("None", parent))
        self._cache: PictureCache | None = None
        self._key: PictureKey | None = None
        self._radius = 0.0
        self._whole = False
        self._image: QImage | None = None
        self.setAntialiasing(True)

    def _set_cache(self, cache: QObject | None) -> None:
        if isinstance(cache, PictureCache):
            self._cache = cache
            cache.arrived.connect(self._on_arrived)
            self.cache_changed.emit()
            self._fetch()

    def _get_key(self) -> str:
        return str(self._key) if self._key else ""

    def _set_key(self, text: str) -> None:
        key = PictureKey.parse(text) if text else None
        if key != self._key:
            self._key = key
            self.key_changed.emit()
            self._take(None)
            self._fetch()

    def _set_radius(self, radius: float) -> None:
        self._radius = radius
        self.radius_changed.emit()
        self.update()

    def _set_whole(self, whole: bool) -> None:
        self._whole = whole
        self.whole_changed.emit()
        self.update()

    cache = Property(QObject, lambda self: self._cache, _set_cache, notify=cache_changed)
    key = Property(str, _get_key, _set_key, notify=key_changed)
    radius = Property(float, lambda self: self._radius, _set_radius, notify=radius_changed)
    whole = Property(bool, lambda self: self._whole, _set_whole, notify=whole_changed)
    ready = Property(bool, lambda self: self._image is not None, notify=ready_changed)

    def paint(self, painter: QPainter) -> None:
        image = self._image
        if image is None or self.width() < 1 or self.height() < 1:
            return
        across, down = self.width() / image.width(), self.height() / image.height()
        fills = not self._whole and max(across, down) <= MOST_CUT * min(across, down)
        scale = max(across, down) if fills else min(across, down)
        width, height = image.width() * scale, image.height() * scale
        x, y = (self.width() - width) / 2, (self.height() - height) / 2
        shown = QRectF(max(x, 0), max(y, 0), min(width, self.width()), min(height, self.height()))
        path = QPainterPath()
        path.addRoundedRect(shown, self._radius, self._radius)
        brush = QBrush(image)
        brush.setTransform(QTransform.fromTranslate(x, y).scale(scale, scale))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillPath(path, brush)

    @Slot(object)
    def _on_arrived(self, key: PictureKey) -> None:
        if key == self._key:
            self._fetch()

    def _fetch(self) -> None:
        if self._cache is None:
            return
        image = self._cache.get(self._key) if self._key else None
        # While a picture is loaded anew, the one before stays on the screen.
        if image is not None or not self._key:
            self._take(image)

    def _take(self, image: QImage | None) -> None:
        was_ready = self._image is not None
        self._image = image
        if was_ready != (image is not None):
            self.ready_changed.emit()
        self.update()
