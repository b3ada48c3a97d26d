"""Groups of photos that are the same file, and of photos that look the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from kiosk.domain import Gallery, Image, Vectors
from kiosk.errors import CatalogError
from kiosk.fitting import decode_fitted
from kiosk.pictures import PICTURE_SUFFIXES, read_bytes
from kiosk.progress import Progress, no_progress
from kiosk.vectors import duplicate_groups
from kiosk.vision.encoders import Encoder, encode_batches


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Two photos or more; `similarity` is the least cosine to the first of them."""

    kind: Literal["same", "alike"]
    photos: tuple[str, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class DuplicateReport:
    """Groups of equal files first; `unreadable` has a sentence for each bad picture."""

    groups: tuple[DuplicateGroup, ...]
    unreadable: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PhotoName:
    """A photo of a product, by SKU and SHA-256."""

    sku: str
    sha256: str


def linked_photos(gallery: Gallery, threshold: float) -> list[tuple[PhotoName, ...]]:
    """Group photos that a cosine of at least `threshold` links, as `duplicate_groups`."""
    photos = _photo_names(gallery)
    groups = duplicate_groups(gallery.vectors, threshold)
    return [tuple(photos[row] for row in group) for group in groups]


def catalogue_duplicates(
    gallery: Gallery, threshold: float, unreadable: Mapping[str, str]
) -> DuplicateReport:
    """Group equal and similar photos of all active products, named `sku/sha256`."""
    names = [f"{photo.sku}/{photo.sha256}" for photo in _photo_names(gallery)]
    return DuplicateReport(_groups(names, gallery.photos, gallery.vectors, threshold), unreadable)


def folder_duplicates(
    encoder: Encoder, folder: Path, threshold: float, *, on_progress: Progress = no_progress
) -> DuplicateReport:
    """Group equal and similar JPEG, PNG and WebP files below `folder`, by relative path.

    Raises:
        CatalogError: `folder` is no folder.
    """
    if not folder.is_dir():
        raise CatalogError(f"{folder} is not a folder.", next_step="Give a folder of pictures.")
    paths = sorted(
        p for p in folder.rglob("*") if p.suffix.lower() in PICTURE_SUFFIXES and p.is_file()
    )
    names = {path: path.relative_to(folder).as_posix() for path in paths}
    hashes: dict[Path, str] = {}

    def read(path: Path) -> Image:
        data = read_bytes(path)
        hashes[path] = hashlib.sha256(data).hexdigest()
        return decode_fitted(data, encoder.fitting).image

    read_well: list[Path] = []
    rows: list[Vectors] = []
    unreadable: dict[str, str] = {}
    for batch in encode_batches(encoder, paths, read, on_progress=on_progress):
        read_well += batch.items
        rows.append(batch.vectors)
        unreadable |= {names[path]: str(error) for path, error in batch.unreadable}
    vectors = np.concatenate(rows) if rows else np.empty((0, encoder.dimension), np.float32)
    groups = _groups(
        [names[path] for path in read_well],
        [hashes[path] for path in read_well],
        vectors,
        threshold,
    )
    return DuplicateReport(groups, unreadable)


def _photo_names(gallery: Gallery) -> list[PhotoName]:
    return [PhotoName(*pair) for pair in zip(gallery.skus, gallery.photos, strict=True)]


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
