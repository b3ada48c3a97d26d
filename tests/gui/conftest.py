"""A real Qt, drawn in memory, and a small real shop. A Qt message fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

from assets.screenshots.demo_frames import DemoFrames
from assets.screenshots.window_driver import WindowDriver
from kiosk.catalog import CatalogStore
from kiosk.demo import fill_demo_shop
from kiosk.gui.app.window import gui_application
from kiosk.settings import Settings, load_settings
from kiosk.shop import Shop
from kiosk.vision.encoders import Encoder, load_encoder

STOCK = ("DRINK-001", "DRINK-002", "TEA-001", "PANTRY-004", "FRUIT-001", "SHOE-001")


@cache
def frames_of(size: tuple[int, int]) -> DemoFrames:
    """The demo camera's frames of a size; each is drawn once."""
    return DemoFrames(size)


@pytest.fixture(scope="session")
def application() -> QGuiApplication:
    return gui_application()


@pytest.fixture(autouse=True)
def qt_messages(application: QGuiApplication) -> Iterator[list[str]]:
    """What Qt complained about; must be empty at the end of every test."""
    messages: list[str] = []

    def note(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        messages.append(f"{kind.name}: {text} ({context.file}:{context.line})")

    before = qInstallMessageHandler(note)
    yield messages
    qInstallMessageHandler(before)
    assert messages == []


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """Loaded once; it stays open when a shop closes."""
    loaded = load_encoder(load_settings().model)
    loaded.close = lambda: None  # type: ignore[method-assign]
    return loaded


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A data folder with six demo products, enrolled once; copy it before use."""
    folder, demo = (tmp_path_factory.mktemp("stocked") / name for name in ("db", "demo"))
    fill_demo_shop(str(demo))
    settings = load_settings(db=str(folder), source="demo")
    with (
        CatalogStore.open(demo) as catalog,
        Shop.open(settings, encoder=encoder, background=False) as shop,
    ):
        for sku in STOCK:
            front_left_right = catalog.photos(sku)[:3]
            pictures = [catalog.photo_path(p.sha256).read_bytes() for p in front_left_right]
            shop.enrol(catalog.product(sku), pictures)
    return folder


@pytest.fixture
def settings(stocked: Path, tmp_path: Path) -> Settings:
    folder = tmp_path / "db"
    shutil.copytree(stocked, folder)
    return load_settings(
        db=str(folder), source="demo", reduced_motion=True, language="en", idle_timeout_s=3600
    )


@pytest.fixture
def shop(settings: Settings, encoder: Encoder) -> Iterator[Shop]:
    with Shop.open(settings, encoder=encoder, background=False) as opened:
        yield opened


MakeDriver = Callable[..., WindowDriver]


@pytest.fixture
def make_driver(shop: Shop, settings: Settings) -> Iterator[MakeDriver]:
    """Open a window of a size, settings changed by keyword; closed at the end."""
    drivers: list[WindowDriver] = []

    def make(size: tuple[int, int] = (1280, 720), **changes: object) -> WindowDriver:
        driver = WindowDriver(shop, settings.model_copy(update=changes), size)
        driver.frames = frames_of(size)
        drivers.append(driver)
        return driver

    yield make
    for driver in drivers:
        driver.close()


@pytest.fixture
def driver(make_driver: MakeDriver) -> WindowDriver:
    return make_driver()
