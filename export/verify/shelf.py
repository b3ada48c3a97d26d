"""Pictures to compare on: from a folder, or from a shop's catalogue."""

from __future__ import annotations

from pathlib import Path

from export.coreml.tower import ImageTower
from export.verify.package import Shelf
from export.verify.reference import embed_pictures, fit_pictures
from kiosk.domain import Gallery, Image
from kiosk.errors import ConfigError
from kiosk.pictures import read_picture

ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}
MOST = 400  # pictures of a catalogue; more would take minutes and say the same


def read_pictures(folder: Path | None) -> list[Image]:
    """Every picture in `folder`; none without a folder.

    Raises:
        ConfigError: there is no such folder, or it holds no picture.
        PictureError: one cannot be read.
    """
    if folder is None:
        return []
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    if not files:
        raise ConfigError(f"There are no pictures in {folder}.", next_step="Check --pictures.")
    return [read_picture(path) for path in files[:MOST]]


def read_shelf(db: str | None, tower: ImageTower) -> Shelf | None:
    """The catalogue's photos, each compared with all the others; None without a catalogue.

    The gallery is made with the network itself, so no model folder is needed.
    """
    if db is None:
        return None
    from kiosk.catalog import CatalogStore

    store = CatalogStore.open(db)
    try:
        named = [photo for product in store.products() for photo in store.photos(product.sku)]
        photos = [
            (photo.sku, photo.sha256, read_picture(store.photo_path(photo.sha256)))
            for photo in named[:: -(-len(named) // MOST) or 1]
        ]
    finally:
        store.close()
    if not photos:
        raise ConfigError(f"The catalogue in {db} has no photos.", next_step="Check --db.")
    fitted = fit_pictures([picture for _, _, picture in photos], tower.card)
    gallery = Gallery(
        tower.card.id,
        embed_pictures(tower, fitted),
        tuple(sku for sku, _, _ in photos),
        tuple(sha for _, sha, _ in photos),
    )
    return Shelf(fitted, range(len(fitted)), gallery)
