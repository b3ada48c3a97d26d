"""Draw every screen in both orientations, from the demo shop: `python -m assets.screenshots`."""

from __future__ import annotations

import argparse
import csv
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

os.environ.update(QT_QPA_PLATFORM="offscreen", QT_QUICK_BACKEND="software")

from assets.demo.catalogue import NOT_SOLD
from assets.demo.photos import draw
from assets.screenshots.scenarios import LONG_NAME, SCENARIOS, Scenario
from assets.screenshots.window_driver import WindowDriver
from kiosk.camera import CameraState
from kiosk.demo import fill_demo_shop
from kiosk.domain import Price, Product
from kiosk.gui.transfer.places import PRODUCTS_NAME
from kiosk.settings import Settings, load_settings
from kiosk.shop import Shop

SIZES = {"landscape": (1280, 720), "portrait": (720, 1280)}
IDLE_S = 180  # no scenario takes as long


def make_screenshots(folder: Path, only: str = "") -> Iterator[Path]:
    """Write `<screen>-<orientation>[-<language>].png` for every scenario; yield each path.

    `only` limits it to the scenarios whose name contains it. Takes about a minute.

    Raises:
        StorageError: a picture cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scenarios = [scenario for scenario in SCENARIOS if only in scenario.name]
    with tempfile.TemporaryDirectory() as data:
        settings = load_settings(
            db=data, source="demo", reduced_motion=True, idle_timeout_s=IDLE_S, language="en"
        )
        fill_demo_shop(data)
        with Shop.open(settings, background=False) as shop:
            _add_long_name(shop)
            _add_importable(Path(data))
            shop.refresh()
            stocked = [scenario for scenario in scenarios if not scenario.new_shop]
            for orientation in SIZES if stocked else ():
                yield from _draw(shop, settings, orientation, stocked, folder)
    for scenario in scenarios:
        if scenario.new_shop:
            yield from _draw_new(scenario, folder)


def _draw_new(scenario: Scenario, folder: Path) -> Iterator[Path]:
    for orientation in SIZES:
        for language in scenario.languages:
            with tempfile.TemporaryDirectory() as data:
                settings = load_settings(
                    db=data, source="demo", reduced_motion=True, language=language
                )
                with Shop.open(settings, background=False) as shop:
                    one = replace(scenario, languages=(language,))
                    yield from _draw(shop, settings, orientation, [one], folder)


def _draw(
    shop: Shop, settings: Settings, orientation: str, scenarios: list[Scenario], folder: Path
) -> Iterator[Path]:
    shop.values.put_values({"staff.pin": None, "staff.lock_out": None})
    driver = WindowDriver(shop, settings, SIZES[orientation])
    try:
        for scenario in scenarios:
            for language in scenario.languages:
                if not scenario.new_shop:
                    _reset(driver)
                driver.view_models.app.speak(language)
                scenario.run(driver)
                suffix = "" if language == "en" else f"-{language}"
                yield driver.picture(folder / f"{scenario.name}-{orientation}{suffix}.png")
    finally:
        driver.close()


def _reset(driver: WindowDriver) -> None:
    driver.shop.values.put_values({"staff.lock_out": None})
    driver.view_models.app.idle_timeout_s = IDLE_S
    driver.view_models.products.undoRemove()
    for product in driver.shop.catalog.products(query="茶包"):
        driver.shop.delete(product.sku)
    driver.camera(CameraState.LIVE)
    driver.leave()


def _add_long_name(shop: Shop) -> None:
    """What a shop will type one day."""
    thing = NOT_SOLD[1]
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--only", default="", help="scenarios whose name contains this")
    given = parser.parse_args()
    for path in make_screenshots(given.folder, given.only):
        print(path)


if __name__ == "__main__":
    main()
