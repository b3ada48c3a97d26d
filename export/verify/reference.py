"""What a package is compared on, and what the original network says to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from export.parity import SAMPLE_TEXTS, sample_pixels
from export.towers import ImageTower, TextTower, Tokens, Tower
from export.verify.report import ReferenceGallery
from kiosk.catalog import CatalogStore
from kiosk.domain import Gallery, Image, Vectors
from kiosk.errors import ConfigError
from kiosk.pictures import read_picture
from kiosk.vision.encoders import preprocess, preprocess_batch
from kiosk.vision.models import ModelDescription

BATCH = 8  # pictures a run; chosen: bounds memory
PICTURES_MAX = 400  # of a catalogue; chosen: more would take minutes and say the same
ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}


def sample_pictures(card: ModelDescription, count: int = 8) -> list[Image]:
    """Draw deterministic pictures of the tower's size, uint8 RGB."""
    pixels = sample_pixels(count, card.input.height, card.input.width)
    return [_to_bytes(picture) for picture in pixels]


def fit_pictures(pictures: Sequence[Image], card: ModelDescription) -> list[Image]:
    """Turn pictures of any size into the pixels that the package takes, uint8 RGB.

    This is the kiosk's own preprocessing, stopped before mean and std.
    """
    plain = card.model_copy(
        update={"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0), "colour": "rgb"}
    )
    return [_to_bytes(preprocess(picture, plain)) for picture in pictures]


def samples_of(
    tower: Tower, pictures: Sequence[Image] = (), count: int = 8
) -> tuple[Sequence[Image] | Tokens, Vectors]:
    """Return what to compare a converted tower on, and the network's unit vectors of it.

    Pictures are fitted to the tower; without any, `count` drawn ones are taken. A text tower
    is compared on `SAMPLE_TEXTS`.
    """
    if isinstance(tower, ImageTower):
        fitted = fit_pictures(pictures, tower.card) or sample_pictures(tower.card, count)
        return fitted, embed_pictures(tower, fitted)
    tokens = tower.tokenize(SAMPLE_TEXTS)
    return tokens, embed_tokens(tower, tokens)


def embed_pictures(tower: ImageTower, fitted: Sequence[Image]) -> Vectors:
    """Return the network's unit vectors of pictures that have its size already."""
    rows = []
    for start in range(0, len(fitted), BATCH):
        batch = preprocess_batch(fitted[start : start + BATCH], tower.card)
        with torch.no_grad():
            rows.append(_unit(tower.network(torch.from_numpy(batch))))
    return np.concatenate(rows)


def embed_tokens(tower: TextTower, tokens: Tokens) -> Vectors:
    """Return the network's unit vectors of token ids (n, context_length)."""
    with torch.no_grad():
        return _unit(tower.network(torch.from_numpy(np.asarray(tokens, np.int32))))


def read_pictures(folder: Path | None) -> list[Image]:
    """Read every picture in `folder`, at most `PICTURES_MAX`; none without a folder.

    Raises:
        ConfigError: there is no such folder, or it holds no picture.
        PictureError: one cannot be read.
    """
    if folder is None:
        return []
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    if not files:
        raise ConfigError(f"There are no pictures in {folder}.", next_step="Check --pictures.")
    return [read_picture(path) for path in files[:PICTURES_MAX]]


def read_gallery(db: str | None, tower: ImageTower) -> ReferenceGallery | None:
    """Read a catalogue's photos, each to be compared with all the others; None without one.

    The gallery is made with the network itself, so no model folder is needed.

    Raises:
        ConfigError: the catalogue has no photos.
    """
    if db is None:
        return None
    store = CatalogStore.open(db)
    try:
        photos = [photo for product in store.products() for photo in store.photos(product.sku)]
        photos = photos[:: -(-len(photos) // PICTURES_MAX) or 1]
        pictures = [read_picture(store.photo_path(photo.sha256)) for photo in photos]
    finally:
        store.close()
    if not photos:
        raise ConfigError(f"The catalogue in {db} has no photos.", next_step="Check --db.")
    fitted = fit_pictures(pictures, tower.card)
    gallery = Gallery(
        tower.card.id,
        embed_pictures(tower, fitted),
        tuple(photo.sku for photo in photos),
        tuple(photo.sha256 for photo in photos),
    )
    return ReferenceGallery(fitted, range(len(fitted)), gallery)


def _to_bytes(planes: NDArray[np.float32]) -> Image:
    """(3, height, width) in 0..1 to (height, width, 3) in 0..255."""
    return np.rint(planes.transpose(1, 2, 0) * 255).astype(np.uint8)


def _unit(vectors: torch.Tensor) -> Vectors:
    rows: Vectors = torch.nn.functional.normalize(vectors.float(), dim=-1).numpy()
    return rows
