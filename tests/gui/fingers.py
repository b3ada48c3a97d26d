"""Touches and looks, as a person at the kiosk would."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, Qt
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

from assets.screenshots.window_driver import WindowDriver

_DEVICE = QTest.createTouchDevice()


def tap(driver: WindowDriver, item: QQuickItem) -> None:
    """Touch the middle of an item for a moment, at the window, as a touch screen does."""
    touch(driver.session.view.window, middle(item))
    driver.settle()


def touch(window: QQuickWindow, at: QPointF) -> None:
    point = at.toPoint()
    QTest.touchEvent(window, _DEVICE).press(0, point, window).commit()
    QTest.touchEvent(window, _DEVICE).release(0, point, window).commit()


def hold(driver: WindowDriver, item: QQuickItem, seconds: float) -> None:
    window = driver.session.view.window
    point = middle(item).toPoint()
    QTest.touchEvent(window, _DEVICE).press(0, point, window).commit()
    driver.settle(seconds)
    QTest.touchEvent(window, _DEVICE).release(0, point, window).commit()
    driver.settle()


def press_key(driver: WindowDriver, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    QTest.keyClick(driver.session.view.window, key, held)
    driver.settle()


def middle(item: QQuickItem) -> QPointF:
    return item.mapToScene(QPointF(item.width() / 2, item.height() / 2))


def items(driver: WindowDriver) -> Iterator[QQuickItem]:
    """Every item that is on the screen, parents before children."""
    todo = [driver.session.view.window.contentItem()]
    while todo:
        item = todo.pop()
        if item.isVisible() and item.opacity() > 0:
            yield item
            todo += item.childItems()


def texts(driver: WindowDriver) -> list[str]:
    """What can be read on the screen."""
    found = [
        item.property("text") for item in items(driver) if item.property("lineCount") is not None
    ]
    return [str(text) for text in found if text]


def named(driver: WindowDriver, name: str) -> QQuickItem:
    """The visible item with an object name."""
    found = [item for item in items(driver) if item.objectName() == name]
    assert found, f"{name} is not on the screen; there is: {texts(driver)}"
    return found[0]


def labelled(driver: WindowDriver, text: str) -> QQuickItem:
    """The visible text item that says exactly `text`."""
    found = [item for item in items(driver) if item.property("text") == text]
    assert found, f"{text!r} is not on the screen; there is: {texts(driver)}"
    return found[-1]


def is_shown(driver: WindowDriver, name: str) -> bool:
    return any(item.objectName() == name for item in items(driver))
