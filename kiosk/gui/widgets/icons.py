"""Icons for QML: SVG files read once at start, drawn in the colour that is asked for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

DEFAULT_SIDE = 64  # pixels, where QML names no size


class IconProvider(QQuickImageProvider):
    """Answers `image://icon/<name>/<rrggbb>`; nothing is read from disk then."""

    def __init__(self, folder: Path) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._svg = {path.stem: path.read_bytes() for path in sorted(folder.glob("*.svg"))}

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._svg)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: N803
        name, _, colour = id.partition("/")
        side = requestedSize.width() if requestedSize.width() > 0 else DEFAULT_SIDE
        image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        svg = self._svg.get(name)
        if svg is not None:
            painter = QPainter(image)
            QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, side, side))
            # The drawing is a stencil: its own colours give way to the one asked for.
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
            painter.fillRect(image.rect(), QColor(f"#{colour[-6:] or '14171A'}"))
            painter.end()
        size.setWidth(side)
        size.setHeight(side)
        return image
