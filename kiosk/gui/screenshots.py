"""Draws every screen in both orientations into a folder, from the demo shop."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path

from kiosk.camera import CameraState
from kiosk.demo import DEMO_UNSTOCKED, build_demo_shop, draw
from kiosk.domain import Price, Product
from kiosk.gui.places import PRODUCTS_NAME
from kiosk.gui.scenes import LONG_NAME, SCENES, Scene
from kiosk.gui.stage import Stage
from kiosk.settings import Settings, load_settings
from kiosk.shop import Shop

SIZES = {"landscape": (1280, 720), "portrait": (720, 1280)}
IDLE_S = 180  # no scene takes as long
Progress = Callable[[int, int], None]


def make_screenshots(
    folder: Path, *, only: str = "", on_progress: Progress | None = None
) -> list[Path]:
    """Write `<screen>-<orientation>[-<language>].png` for every scene; returns the paths.

    `only` limits it to the scenes whose name contains it. Takes about a minute.

    Raises:
        StorageError: a picture cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scenes = [scene for scene in SCENES if only in scene.name]
    total = 2 * sum(len(scene.languages) for scene in scenes)
    written: list[Path] = []
    with tempfile.TemporaryDirectory() as data:
        settings = load_settings(
            db=data, source="demo", reduced_motion=True, idle_timeout_s=IDLE_S, language="en"
        )
        with Shop.open(settings, upkeep=False) as shop:
            build_demo_shop(shop)
            _add_long_name(shop)
            _add_importable(Path(data))
            shop.refresh()
            for orientation in SIZES:
                for path in _draw(shop, settings, orientation, scenes, folder):
                    written.append(path)
                    if on_progress:
                        on_progress(len(written), total)
    return written


def _draw(
    shop: Shop, settings: Settings, orientation: str, scenes: list[Scene], folder: Path
) -> list[Path]:
    shop.store.put_values({"staff.pin": None, "staff.lock_out": None})
    stage = Stage(shop, settings, SIZES[orientation])
    paths = []
    try:
        for scene in scenes:
            for language in scene.languages:
                _reset(stage)
                stage.parts.app.speak(language)
                scene.play(stage)
                suffix = "" if language == "en" else f"-{language}"
                paths.append(stage.picture(folder / f"{scene.name}-{orientation}{suffix}.png"))
    finally:
        stage.close()
    return paths


def _reset(stage: Stage) -> None:
    stage.shop.store.put_values({"staff.lock_out": None})
    stage.parts.app.idle_timeout_s = IDLE_S
    stage.parts.products.undoRemove()
    for product in stage.shop.store.products(query="茶包"):
        stage.shop.delete(product.sku)
    stage.camera(CameraState.LIVE)
    stage.leave()


def _add_long_name(shop: Shop) -> None:
    """What a shop will type one day."""
    thing = DEMO_UNSTOCKED[1]
    product = Product(
        sku=LONG_NAME,
        name="Großmutters handgerührter Bio-Kakao mit Haselnuss 阿嬤手工榛果可可粉（無糖）500 g",
        price=Price(1_234_500_00, "TWD"),
        category="Pantry · gifts · limited edition for the autumn market",
        description="A name and a price that test every screen.",
    )
    shop.enrol(product, [draw(thing, view) for view in ("front", "left", "right")])


def _add_importable(data_dir: Path) -> None:
    rows = [
        ("sku", "name", "price"),
        ("NEW-001", "Mochi 麻糬", "60"),
        ("NEW-002", "Bánh pía", "85"),
        ("NEW-003", "Pineapple cake 鳳梨酥", "a lot"),
    ]
    folder = data_dir / "transfer" / "autumn"
    folder.mkdir(parents=True)
    with (folder / PRODUCTS_NAME).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
