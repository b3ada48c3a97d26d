"""Texts, icons and touch targets of the whole QML tree."""

from __future__ import annotations

import re
import subprocess
import sysconfig
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, QTranslator
from PySide6.QtGui import QColor, QGuiApplication, QImage

from kiosk.gui.app.window import QML_DIR
from kiosk.gui.widgets.icons import IconProvider
from kiosk.resources import assets_dir

SOURCES = sorted(QML_DIR.rglob("*.qml"))
LANGUAGES = ("zh_TW", "vi")


def messages(file: Path) -> dict[tuple[str, str, str], ET.Element]:
    found = {}
    for context in ET.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            key = (
                context.findtext("name", ""),
                message.findtext("source", ""),
                message.findtext("comment", ""),
            )
            translation = message.find("translation")
            assert translation is not None
            found[key] = translation
    return found


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], ET.Element]:
    """The texts that are in the QML files now."""
    target = tmp_path_factory.mktemp("texts") / "now.ts"
    tool = Path(sysconfig.get_path("scripts")) / "pyside6-lupdate"
    command = [str(tool) if tool.exists() else "pyside6-lupdate", str(QML_DIR), "-ts", str(target)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return messages(target)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(
    language: str, extracted: dict[tuple[str, str, str], ET.Element]
) -> None:
    translated = messages(assets_dir() / "i18n" / f"{language}.ts")
    missing = [
        key
        for key in extracted
        if key not in translated
        or not translated[key].text
        or translated[key].get("type") == "unfinished"
    ]
    assert len(extracted) > 200
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_compiled_is_what_was_translated(
    application: QGuiApplication, language: str
) -> None:
    translator = QTranslator()
    assert translator.load(str(assets_dir() / "i18n" / f"{language}.qm"))
    for (context, source, comment), translation in messages(
        assets_dir() / "i18n" / f"{language}.ts"
    ).items():
        assert translator.translate(context, source, comment or None) == translation.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_every_placeholder(language: str) -> None:
    for (_, source, _), translation in messages(assets_dir() / "i18n" / f"{language}.ts").items():
        assert sorted(re.findall(r"%\d", source)) == sorted(
            re.findall(r"%\d", translation.text or "")
        ), source


def test_no_text_escapes_translation() -> None:
    """A literal with a word in it stands in qsTr, but for names of languages and of ours."""
    names = {"Shelflens", "English", "中文", "Tiếng Việt"}
    literal = re.compile(r'\b(?:text|label|title|placeholder|hint): "([^"]+)"')
    loose = [
        (path.name, text)
        for path in SOURCES
        for text in literal.findall(path.read_text("utf-8"))
        if re.search(r"\w{2}", text) and text not in names
    ]
    assert len(SOURCES) > 30
    assert loose == []


def test_every_icon_that_is_named_exists() -> None:
    provider = IconProvider(assets_dir() / "icons")
    literal = re.compile(r'(?:icon|name): (?:[^"\n]*\? )?"([a-z-]+)"')
    named = {name for path in SOURCES for name in literal.findall(path.read_text("utf-8"))}
    assert {"search", "camera", "lock"} <= named
    assert named - provider.names <= {"text", "number"}


def test_an_icon_takes_the_colour_that_is_asked_for() -> None:
    provider = IconProvider(assets_dir() / "icons")
    image: QImage = provider.requestImage("check/0b7a4b", QSize(), QSize(48, 48))
    colours = {
        QColor(image.pixel(x, y)).name()
        for x in range(48)
        for y in range(48)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert image.size() == QSize(48, 48)
    assert "#0b7a4b" in colours


def test_an_unknown_icon_is_an_empty_picture() -> None:
    image = IconProvider(assets_dir() / "icons").requestImage("no-such/000000", QSize(), QSize())
    assert image.pixelColor(10, 10).alpha() == 0
