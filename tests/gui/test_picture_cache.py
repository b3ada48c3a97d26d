from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop

from kiosk.domain import Image
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.widgets.picture_cache import PictureCache
from kiosk.gui.widgets.picture_key import PictureKey, PictureKind

COVER = PictureKey(PictureKind.PRODUCT, "A")


@pytest.fixture
def tasks() -> Iterator[TaskRunner]:
    runner = TaskRunner("pictures")
    yield runner
    runner.close()


def finish(tasks: TaskRunner) -> None:
    while tasks.is_busy:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)


def test_a_picture_that_was_missing_is_loaded_once_its_product_has_one(tasks: TaskRunner) -> None:
    found: dict[PictureKey, Image] = {}
    cache = PictureCache(lambda key, _: found.get(key), tasks)
    arrived: list[PictureKey] = []
    cache.arrived.connect(arrived.append)
    assert cache.get(COVER) is None
    finish(tasks)
    assert arrived == []
    found[COVER] = np.zeros((4, 4, 3), np.uint8)
    cache.forget_all(PictureKind.PRODUCT)
    assert arrived == [COVER], "what shows the key asks for it again"
    assert cache.get(COVER) is None
    finish(tasks)
    assert cache.get(COVER) is not None


def test_only_pictures_of_one_kind_are_let_go(tasks: TaskRunner) -> None:
    last = PictureKey(PictureKind.LAST)
    cache = PictureCache(lambda _key, _side: None, tasks)
    cache.put(COVER, np.zeros((4, 4, 3), np.uint8))
    cache.put(last, np.zeros((4, 4, 3), np.uint8))
    cache.drop_all(PictureKind.LAST)
    assert cache.get(COVER) is not None
    assert cache.get(last) is None
    finish(tasks)
