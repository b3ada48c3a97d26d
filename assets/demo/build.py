"""Draw the demo shop: `make demo-art`, or `python -m assets.demo.build [--vectors]`.

It makes `camera/`, from which the demo camera composes its frames, and `shop/`, the data
folder of the shop that `products.csv` lists, with a staff photo of each view. The same
pictures come out at every run. `--vectors` encodes the photos alone: after a change of the
encoder or of the metric.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from PIL import Image as Pillow

from assets.demo.catalogue import NOT_SOLD, SOLD, DrawnProduct
from assets.demo.photos import VIEWS, draw
from assets.demo.scene import counter
from assets.demo.sprites import hand, turntable
from kiosk.catalog import CatalogStore
from kiosk.demo import shop_files
from kiosk.domain import Image
from kiosk.settings import load_settings
from kiosk.shop import Shop
from kiosk.vision.models import SHIPPED

ART = shop_files().parent
PHOTO_QUALITY = 76  # the barcodes can be read; all files together stay below 8 MB
SPRITE_QUALITY = 72  # no difference is seen at the size of the window


def draw_scenery() -> None:
    """Write the empty scenes."""
    for name, size in (("landscape", (1280, 720)), ("portrait", (720, 1280))):
        save_webp(ART / "camera" / f"{name}.webp", counter(*size), 88)


def draw_product(number: int, thing: DrawnProduct) -> list[bytes]:
    """Write one product's sprites and its hand; return its staff photos, the cover first."""
    sku = thing.product.sku
    save_webp(ART / "camera" / "sprites" / f"{sku}.webp", turntable(thing, number), SPRITE_QUALITY)
    save_webp(ART / "camera" / "hands" / f"{sku}.webp", hand(thing, number), SPRITE_QUALITY)
    print(sku, flush=True)
    return [jpeg(draw(thing, view)) for view in VIEWS] if thing in SOLD else []


def save_webp(path: Path, picture: Image, quality: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Pillow.fromarray(picture).save(path, quality=quality, alpha_quality=90, method=6)


def jpeg(picture: Image) -> bytes:
    data = io.BytesIO()
    Pillow.fromarray(picture).save(
        data, "JPEG", quality=PHOTO_QUALITY, optimize=True, progressive=True
    )
    return data.getvalue()


def draw_products() -> dict[str, list[bytes]]:
    """Draw everything that is shown; return the staff photos by SKU."""
    things = SOLD + NOT_SOLD
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        photos = list(executor.map(draw_product, range(len(things)), things))
    return {thing.product.sku: files for thing, files in zip(things, photos, strict=True)}


def drawn_photos() -> dict[str, list[bytes]]:
    """Read back the staff photos of the last run."""
    with CatalogStore.open(shop_files()) as store:
        return {
            product.sku: [
                store.photo_path(photo.sha256).read_bytes() for photo in store.photos(product.sku)
            ]
            for product in store.products()
        }


def make_shop(photos: Mapping[str, Sequence[bytes]]) -> None:
    """Write the data folder: each product enrolled, encoded and the metric fitted."""
    with tempfile.TemporaryDirectory() as name:
        with Shop.open(load_settings(db=name, model=SHIPPED[0]), background=False) as shop:
            for thing in SOLD:
                shop.enrol(thing.product, photos[thing.product.sku])
            shop.refresh()
        _drop_features(Path(name) / "catalogue.db")
        shutil.rmtree(shop_files(), ignore_errors=True)
        shutil.copytree(name, shop_files())


def _drop_features(database: Path) -> None:
    """Leave out what is as large as all pictures, and made in the background in seconds."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM features")
        connection.commit()
        connection.execute("VACUUM")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", action="store_true", help="encode the photos alone")
    if parser.parse_args().vectors:
        make_shop(drawn_photos())
    else:
        draw_scenery()
        make_shop(draw_products())
    files = [*shop_files().rglob("*.*"), *(ART / "camera").rglob("*.*")]
    print(f"{sum(path.stat().st_size for path in files) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
