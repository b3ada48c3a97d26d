"""The demo shop as a data folder that is ready to open: products, photos, vectors, metric."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from kiosk.files import storage_errors
from kiosk.resources import assets_dir


def shop_files() -> Path:
    """Return the shipped data folder; it may be read-only."""
    return assets_dir() / "demo" / "shop"


def fill_demo_shop(db: str) -> None:
    """Copy the demo shop to the folder `db`; what is there already, or a server, stays as it is.

    Photos are encoded afresh by the shop that opens it if its encoder is not the one that
    made the vectors.

    Raises:
        StorageError: the disk is full or write-protected; nothing was copied.
    """
    target = Path(db)
    if "://" in db or (target.is_dir() and any(target.iterdir())):
        return
    with storage_errors(f"The demo shop could not be copied to {target}"):
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as aside:
            copy = Path(aside) / target.name
            for source in filter(Path.is_file, shop_files().rglob("*")):
                path = copy / source.relative_to(shop_files())
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, path)  # without its mode: the shipped one may be read-only
            target.rmdir()
            copy.rename(target)
