"""The icons: well-formed, on one grid, and drawn by the window's renderer."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from kiosk.resources import assets_dir

ICONS = assets_dir() / "icons"
FILES = sorted(ICONS.glob("*.svg"))
NEEDED = {
    "search", "close", "back", "check", "star", "star-half", "star-outline", "camera",
    "camera-off", "barcode", "plus", "trash", "edit", "undo", "lock", "globe", "warning",
    "settings", "box", "heart-pulse", "image", "download", "upload", "chevron-left",
    "chevron-right", "chevron-up", "chevron-down", "keyboard", "backspace", "shift", "space",
    "enter",
}  # fmt: skip


def drawn_share(path: Path, side: int = 48) -> float:
    """The share of pixels that the icon covers."""
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(path)).render(painter, QRectF(0, 0, side, side))
    painter.end()
    covered = sum(image.pixelColor(x, y).alpha() > 60 for x in range(side) for y in range(side))
    return covered / side**2


def test_what_the_screens_need_is_there() -> None:
    assert {path.stem for path in FILES} >= NEEDED


def test_every_icon_the_screens_name_exists() -> None:
    qml = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (Path(__file__).parents[2] / "kiosk" / "gui").rglob("*.qml")
    )
    named = set(re.findall(r'icon: "([a-z-]+)"', qml)) | set(
        re.findall(r"image://icon/([a-z-]+)", qml)
    )
    assert named
    assert named <= {path.stem for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_icon_is_drawn_on_its_grid(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    side = 256 if path.stem == "shelflens" else 24
    assert root.get("viewBox") == f"0 0 {side} {side}"
    assert 0.01 < drawn_share(path) < 0.95


def test_star_shapes_tell_full_from_half_from_empty() -> None:
    full, half, empty = (
        drawn_share(ICONS / f"{name}.svg") for name in ("star", "star-half", "star-outline")
    )
    assert full > half > empty


def test_the_mark_comes_as_pictures_too() -> None:
    with Image.open(ICONS / "shelflens.png") as mark:
        assert mark.size == (256, 256)
        assert mark.mode == "RGBA"
    with Image.open(ICONS / "shelflens.ico") as icon:
        assert (16, 16) in icon.info["sizes"]
