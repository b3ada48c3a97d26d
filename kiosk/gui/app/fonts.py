"""The bundled fonts, and which characters neither they nor the installed ones can draw."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QTextLayout

from kiosk.resources import assets_dir


def add_bundled_fonts() -> None:
    """Let Qt know the fonts of `assets/fonts`; needs an application object, and is for once."""
    for path in sorted((assets_dir() / "fonts").glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(path))


def undrawable(text: str) -> str:
    """The distinct characters of `text` that would show as empty boxes, in order.

    Uses the fall-back that the window uses. Starts a `QGuiApplication` if there is none.
    """
    application = QGuiApplication.instance() or QGuiApplication([])
    if "Inter" not in QFontDatabase.families():
        add_bundled_fonts()
    characters = sorted({c for c in text if not c.isspace() and c.isprintable()})
    found = "".join(c for c in characters if not _drawn(c))
    del application
    return found


def _drawn(character: str) -> bool:
    layout = QTextLayout(character, QFont("Inter"))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    return bool(runs) and all(0 not in run.glyphIndexes() for run in runs)
