"""qmllint knows the Python types, and the QML is clean."""

from __future__ import annotations

from pathlib import Path

from kiosk.gui.app.window import QML_DIR
from tests.gui.qml_lint import lint


def test_the_qml_is_clean() -> None:
    files = sorted(QML_DIR.rglob("*.qml"))
    assert len(files) > 40
    assert lint(files) == ""


def test_a_property_slot_or_row_that_does_not_exist_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "Wrong.qml"
    wrong.write_text(
        """import QtQuick
import Shelflens
Text {
    text: Kiosk.find.selected.nam
    visible: Kiosk.look.tiles.length > 0
    Component.onCompleted: Kiosk.app.goo("find")
}
""",
        encoding="utf-8",
    )
    findings = lint([wrong])
    for name, kind in [
        ("nam", "ProductViewObject"),
        ("length", "RowsModel"),
        ("goo", "AppViewModel"),
    ]:
        assert f'Member "{name}" not found on type "{kind}"' in findings
