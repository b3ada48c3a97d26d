"""Where staff can bring data from or take it to: sticks, and a folder of the shop. No Qt."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

DEPTH = 2  # folders below a stick's root that are searched; chosen
MAX_FOUND = 12  # about one screen of them
PRODUCTS_NAME = "products.csv"
PHOTOS_NAME = "photos.csv"
BACKUP_SUFFIX = ".zip"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that can be written to. `kind` is "stick" or "shop"."""

    folder: Path
    name: str
    kind: str
    free_mb: int

    @property
    def is_shop(self) -> bool:
        return self.kind == "shop"

    @property
    def free_gb(self) -> float:
        return round(self.free_mb / 1000, 1)


@dataclass(frozen=True, slots=True)
class Importable:
    """A `products.csv` that was found, with its `photos.csv` where there is one."""

    products: Path
    photos: Path | None
    name: str

    @property
    def with_photos(self) -> bool:
        return self.photos is not None


def find_places(data_dir: Path, roots: Iterable[Path] | None = None) -> list[Place]:
    """Plugged-in sticks first, then the shop's own transfer folder (made if need be)."""
    own = data_dir / "transfer"
    own.mkdir(parents=True, exist_ok=True)
    sticks = [folder for root in (roots or stick_roots()) for folder in _folders(root)]
    places = [Place(folder, folder.name, "stick", _free_mb(folder)) for folder in sticks]
    return [*places, Place(own, own.name, "shop", _free_mb(own))]


def find_importable(places: Iterable[Place]) -> list[Importable]:
    """Every `products.csv` up to two folders deep."""
    found: list[Importable] = []
    for place in places:
        for folder in _within(place.folder, DEPTH):
            products = folder / PRODUCTS_NAME
            if products.is_file() and len(found) < MAX_FOUND:
                photos = folder / PHOTOS_NAME
                name = f"{place.name}/{folder.relative_to(place.folder)}".removesuffix("/.")
                found.append(Importable(products, photos if photos.is_file() else None, name))
    return found


def stick_roots() -> list[Path]:
    """The folders in which the system shows removable drives."""
    if sys.platform == "darwin":
        return [Path("/Volumes")]
    if sys.platform == "win32":
        return []
    user = os.environ.get("USER", "")
    return [Path("/media") / user, Path("/run/media") / user]


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(each for each in root.iterdir() if each.is_dir() and os.access(each, os.W_OK))
    except OSError:
        return []


def _within(folder: Path, depth: int) -> list[Path]:
    found = [folder]
    if depth:
        for inner in _folders(folder):
            if not inner.name.startswith(".") and not inner.is_symlink():
                found += _within(inner, depth - 1)
    return found


def _free_mb(folder: Path) -> int:
    try:
        stat = os.statvfs(folder) if hasattr(os, "statvfs") else None
    except OSError:
        return 0
    return int(stat.f_bavail * stat.f_frsize // 1_000_000) if stat else 0
