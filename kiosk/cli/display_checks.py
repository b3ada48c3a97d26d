"""Checks of `doctor` that need the window's libraries."""

from __future__ import annotations

import ctypes
import sys

from kiosk.camera import refuse_full_opencv
from kiosk.catalog import CatalogStore
from kiosk.cli.live import has_display, use_offscreen
from kiosk.errors import CameraError, KnownError
from kiosk.settings import Settings
from kiosk.shop import Finding, Grade

LINUX_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
WINDOW_LIBRARIES = {"libxcb-cursor.so.0": "libxcb-cursor0"}


def check_display() -> Finding:
    """Whether Qt's own libraries load and a window can open."""
    wanted = LINUX_LIBRARIES | (WINDOW_LIBRARIES if has_display() else {})
    missing = [package for name, package in wanted.items() if not _loads(name)]
    if missing:
        return Finding(
            "display",
            Grade.BAD,
            f"Qt needs {', '.join(missing)}.",
            f"On Debian and Ubuntu: apt install {' '.join(missing)}",
        )
    if not has_display():
        return Finding(
            "display",
            Grade.WARNING,
            "There is no display; the kiosk can only run offscreen.",
            "Run it in a desktop session, or under `cage` on a bare console.",
        )
    return Finding("display", Grade.GOOD, "Qt's libraries load and there is a display.")


def check_opencv() -> Finding:
    """Whether OpenCV is the build that leaves Qt alone."""
    try:
        refuse_full_opencv()
    except CameraError as error:
        return Finding("opencv", Grade.BAD, error.message, error.next_step)
    return Finding("opencv", Grade.GOOD, "OpenCV brings no Qt of its own.")


def check_fonts(settings: Settings) -> Finding:
    """Whether every character of the catalogue can be drawn."""
    try:
        text = _catalogue_text(settings)
        use_offscreen()
        from kiosk.gui import undrawable

        missing = undrawable(text)
    except (KnownError, ImportError) as error:
        return Finding("fonts", Grade.WARNING, f"The fonts could not be checked: {error}")
    if missing:
        return Finding(
            "fonts",
            Grade.WARNING,
            f"No font draws {len(missing)} characters of the catalogue: {missing[:20]}",
            "Install a font for that script, for example fonts-noto-cjk.",
        )
    return Finding("fonts", Grade.GOOD, "Every character of the catalogue can be drawn.")


def _catalogue_text(settings: Settings) -> str:
    store = CatalogStore.open(settings.db)
    try:
        return "".join(
            product.name + product.description + product.category for product in store.products()
        )
    finally:
        store.close()


def _loads(name: str) -> bool:
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
