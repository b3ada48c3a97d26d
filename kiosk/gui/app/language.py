"""The language of the window, changed while it runs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtQml import QQmlEngine

SOURCE_LANGUAGE = "en"
LANGUAGES = {"en": "English", "zh_TW": "中文", "vi": "Tiếng Việt"}  # each by its own name


class Language:
    """Installs the compiled translation of a language and lets QML read its texts anew."""

    def __init__(self, folder: Path, engine: QQmlEngine) -> None:
        self._folder = folder
        self._engine = engine
        self._translator: QTranslator | None = None
        self._language = SOURCE_LANGUAGE

    def speak(self, language: str) -> None:
        """`language` is one of `LANGUAGES`; English is what the sources are written in."""
        if language == self._language:
            return
        self.silence()
        self._language = language
        translator = QTranslator()
        if translator.load(str(self._folder / f"{language}.qm")):
            QCoreApplication.installTranslator(translator)
            self._translator = translator
        self._engine.retranslate()

    def silence(self) -> None:
        """Take the translation out again: the application outlives this window."""
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None


def system_language() -> str:
    """The nearest of our languages to the system's."""
    spoken = QLocale.system().name().partition("_")[0]
    return next((code for code in LANGUAGES if code.startswith(spoken)), SOURCE_LANGUAGE)
