"""Photos that are the same file, and photos that look the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from kiosk.domain import Vectors
from kiosk.errors import CatalogError, PictureError
from kiosk.pictures import decode_picture
from kiosk.search.duplicates import duplicate_groups
from kiosk.shop.encoding import Progress
from kiosk.shop.shop import Shop
from kiosk.vision.batches import BATCH
from kiosk.vision.encoder import Encoder

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Two photos or more. `similarity` is the least cosine to the group's first photo."""

    kind: Literal["same", "alike"]
    photos: tuple[str, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class DuplicateReport:
    """Groups of equal files first; `unreadable` holds a sentence for each bad picture."""

    groups: tuple[DuplicateGroup, ...]
    unreadable: Mapping[str, str]


def catalogue_duplicates(
    shop: Shop, threshold: float, *, on_progress: Progress | None = None
) -> DuplicateReport:
    """Duplicates among the photos of all active products, named `sku/sha256`."""
    shop.refresh(on_progress)
    gallery = shop.store.gallery(shop.encoder.fingerprint)
    names = [f"{sku}/{photo}" for sku, photo in zip(gallery.skus, gallery.photos, strict=True)]
    groups = _groups(names, gallery.photos, gallery.vectors, threshold)
    return DuplicateReport(groups, shop.unreadable_photos)


def folder_duplicates(
    encoder: Encoder, folder: Path, threshold: float, *, on_progress: Progress | None = None
) -> DuplicateReport:
    """Duplicates among the JPEG, PNG and WebP files below `folder`, by relative path.

    Raises:
        CatalogError: `folder` is no folder.
    """
    if not folder.is_dir():
        raise CatalogError(f"{folder} is not a folder.", next_step="Give a folder of pictures.")
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    names: list[str] = []
    hashes: list[str] = []
    rows: list[Vectors] = []
    unreadable: dict[str, str] = {}
    for start in range(0, len(paths), BATCH):
        images = []
        for path in paths[start : start + BATCH]:
            name = path.relative_to(folder).as_posix()
            try:
                data = path.read_bytes()
                images.append(decode_picture(data))
            except (PictureError, OSError) as error:
                unreadable[name] = str(error)
                continue
            names.append(name)
            hashes.append(hashlib.sha256(data).hexdigest())
        if images:
            rows.append(encoder.encode(images))
        if on_progress:
            on_progress(min(start + BATCH, len(paths)), len(paths))
    vectors = np.concatenate(rows) if rows else np.empty((0, encoder.dimension), np.float32)
    return DuplicateReport(_groups(names, hashes, vectors, threshold), unreadable)


def _groups(
    names: Sequence[str], hashes: Sequence[str], vectors: Vectors, threshold: float
) -> tuple[DuplicateGroup, ...]:
    same: dict[str, list[int]] = {}
    for row, digest in enumerate(hashes):
        same.setdefault(digest, []).append(row)
    equal = [tuple(rows) for rows in same.values() if len(rows) > 1]
    firsts = np.array(sorted(rows[0] for rows in same.values()), dtype=int)
    alike = [
        tuple(int(firsts[i]) for i in group)
        for group in duplicate_groups(vectors[firsts], threshold)
    ]
    found = [_group("same", rows, names, vectors) for rows in equal]
    return tuple(found + [_group("alike", rows, names, vectors) for rows in alike])


def _group(
    kind: Literal["same", "alike"], rows: Sequence[int], names: Sequence[str], vectors: Vectors
) -> DuplicateGroup:
    least = float((vectors[list(rows)] @ vectors[rows[0]]).min())
    return DuplicateGroup(kind, tuple(names[row] for row in rows), least)
