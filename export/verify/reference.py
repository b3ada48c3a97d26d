"""What the original network says to the same pictures and texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from export.coreml.tower import ImageTower, Preprocessing, TextTower, Tokens
from export.parity import sample_pixels
from kiosk.domain import Image, Vectors
from kiosk.vision.models import InputSize, ModelCard
from kiosk.vision.preprocess import preprocess

BATCH = 8
SAMPLE_TEXTS = (
    "a photo of an apple",
    "Two bottles of oat milk, 1 l each",
    "red running shoes",
    "牛奶 一公升",
    "cà phê sữa đá",
    "a jar of honey; an endlessly long label " + "very sweet " * 90,
)


def sample_pictures(preprocessing: Preprocessing, count: int = 8) -> list[Image]:
    """Deterministic pictures of the tower's size, uint8 RGB."""
    pixels = sample_pixels(count, preprocessing.height, preprocessing.width).numpy()
    return [np.rint(picture.transpose(1, 2, 0) * 255).astype(np.uint8) for picture in pixels]


def fit_pictures(pictures: Sequence[Image], preprocessing: Preprocessing) -> list[Image]:
    """Pictures of any size as the pixels that the package takes, uint8 RGB.

    This is the kiosk's own preprocessing, stopped before mean and std.
    """
    card = _card(preprocessing, plain=True)
    return [
        np.rint(preprocess(picture, card).transpose(1, 2, 0) * 255).astype(np.uint8)
        for picture in pictures
    ]


def embed_pictures(tower: ImageTower, fitted: Sequence[Image]) -> Vectors:
    """The network's unit vectors of pictures that have its size already."""
    card = _card(tower.preprocessing, plain=False)
    rows = []
    for start in range(0, len(fitted), BATCH):
        batch = np.stack([preprocess(picture, card) for picture in fitted[start : start + BATCH]])
        with torch.no_grad():
            rows.append(_unit(tower.network(torch.from_numpy(batch))))
    return np.concatenate(rows)


def embed_tokens(tower: TextTower, tokens: Tokens) -> Vectors:
    with torch.no_grad():
        return _unit(tower.network(torch.from_numpy(np.asarray(tokens, np.int32))))


def _unit(vectors: torch.Tensor) -> Vectors:
    rows: Vectors = torch.nn.functional.normalize(vectors.float(), dim=-1).numpy()
    return rows


def _card(preprocessing: Preprocessing, *, plain: bool) -> ModelCard:
    """A card with the entries that preprocessing reads; nothing else is filled in."""
    return ModelCard.model_construct(
        input=InputSize(width=preprocessing.width, height=preprocessing.height),
        resize=preprocessing.resize,
        crop=preprocessing.crop,
        interpolation=preprocessing.interpolation,
        mean=(0.0, 0.0, 0.0) if plain else preprocessing.mean,
        std=(1.0, 1.0, 1.0) if plain else preprocessing.std,
        colour="rgb" if plain else preprocessing.colour,
    )
