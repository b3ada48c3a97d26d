"""The live picture in the window."""

from __future__ import annotations

from typing import Protocol, cast

import numpy as np
from PySide6.QtCore import Property, QObject, QRectF, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickPaintedItem

from kiosk.domain import Image
from kiosk.gui.camera.framing import Framing, Rect, frame_to_item

SOFT_WIDTH = 20  # pixels: so few that the copy is a blur


class Feed(Protocol):
    """What a FrameItem draws: `frame_arrived` tells of a new `image`."""

    image: QImage | None
    focus: Rect | None


class FrameItem(QQuickPaintedItem):
    """Paints the newest frame, cropped so that the reticle's box is whole and centred."""

    feed_changed = Signal()
    mirrored_changed = Signal()
    covered_changed = Signal()
    framed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(cast("None", parent))
        self._feed: QObject | None = None
        self._mirrored = False
        self._covered = {"top": 0.0, "right": 0.0, "bottom": 0.0}
        self._shown: tuple[float, float, Rect] | None = None
        self._framing: Framing | None = None
        self.setOpaquePainting(False)
        self.widthChanged.connect(self._reframe)
        self.heightChanged.connect(self._reframe)

    def _get_feed(self) -> QObject | None:
        return self._feed

    def _set_feed(self, feed: QObject | None) -> None:
        self._feed = feed
        if feed is not None:
            feed.frame_arrived.connect(self._on_frame)  # type: ignore[attr-defined]
        self.feed_changed.emit()
        self._on_frame()

    def _get_mirrored(self) -> bool:
        return self._mirrored

    def _set_mirrored(self, value: bool) -> None:
        if value != self._mirrored:
            self._mirrored = value
            self.mirrored_changed.emit()
            self._reframe()

    def _set_covered(self, side: str, pixels: float) -> None:
        self._covered[side] = pixels
        self.covered_changed.emit()
        self._reframe()

    def _get_has_frame(self) -> bool:
        return self._framing is not None

    def _get_reticle(self) -> QRectF:
        focus = self._source().focus if self._feed else None
        if self._framing is None or focus is None:
            return QRectF()
        box = self._framing.place(focus)
        x = self._free_width - box.x - box.width if self._mirrored else box.x
        return QRectF(x, box.y, box.width, box.height)

    feed = Property(QObject, _get_feed, _set_feed, notify=feed_changed)
    mirrored = Property(bool, _get_mirrored, _set_mirrored, notify=mirrored_changed)
    coveredTop = Property(
        float,
        lambda self: self._covered["top"],
        lambda self, pixels: self._set_covered("top", pixels),
        notify=covered_changed,
    )
    coveredRight = Property(
        float,
        lambda self: self._covered["right"],
        lambda self, pixels: self._set_covered("right", pixels),
        notify=covered_changed,
    )
    coveredBottom = Property(
        float,
        lambda self: self._covered["bottom"],
        lambda self, pixels: self._set_covered("bottom", pixels),
        notify=covered_changed,
    )
    hasFrame = Property(bool, _get_has_frame, notify=framed)
    reticle = Property(QRectF, _get_reticle, notify=framed)

    def paint(self, painter: QPainter) -> None:
        image = self._source().image if self._feed else None
        if image is None or self._framing is None:
            return
        if self._mirrored:
            painter.translate(self._free_width, 0)
            painter.scale(-1, 1)
        scaled = abs(self._framing.scale - 1) > 0.01
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scaled)
        at = self._framing.place(Rect(0, 0, image.width(), image.height()))
        if at.width < self.width() - 1 or at.height < self.height() - 1:
            self._paint_surroundings(painter, image)
        painter.drawImage(QRectF(at.x, at.y, at.width, at.height), image)

    @property
    def _free_width(self) -> float:
        return self.width() - self._covered["right"]

    def _paint_surroundings(self, painter: QPainter, image: QImage) -> None:
        """Fill what the frame does not cover with a soft, dark copy of it."""
        soft = image.scaled(SOFT_WIDTH, SOFT_WIDTH * image.height() // image.width())
        scale = max(self.width() / image.width(), self.height() / image.height())
        width, height = image.width() * scale, image.height() * scale
        x, y = (self.width() - width) / 2, (self.height() - height) / 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(x, y, width, height), soft)
        painter.fillRect(QRectF(0, 0, self.width(), self.height()), QColor(20, 23, 26, 150))
        painter.restore()

    def _source(self) -> Feed:
        return cast("Feed", self._feed)

    @Slot()
    def _on_frame(self) -> None:
        image = self._source().image if self._feed else None
        focus = self._source().focus if self._feed else None
        if image is None or focus is None:
            return
        shape = (float(image.width()), float(image.height()), focus)
        if shape != self._shown:
            self._shown = shape
            self._reframe()
        self.update()

    @Slot()
    def _reframe(self) -> None:
        smallest = 2 + self._covered["top"] + self._covered["bottom"]
        if self._shown is None or self._free_width < 2 or self.height() < smallest:
            return
        width, height, focus = self._shown
        self._framing = frame_to_item(
            (width, height),
            (self.width(), self.height()),
            focus,
            Rect(
                0,
                self._covered["top"],
                self._free_width,
                self.height() - self._covered["top"] - self._covered["bottom"],
            ),
        )
        self.framed.emit()
        self.update()


def to_qimage(image: Image) -> QImage:
    """A QImage that owns its pixels, from an RGB picture."""
    height, width = image.shape[:2]
    rows = np.ascontiguousarray(image)
    view = QImage(rows.data, width, height, width * 3, QImage.Format.Format_RGB888)
    # A QImage only borrows numpy's memory: the converted copy outlives the frame.
    return view.convertToFormat(QImage.Format.Format_RGB32)
