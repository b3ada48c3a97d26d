"""What the original network says to the same pictures and texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from export.coreml.tower import ImageTower, TextTower, Tokens
from export.parity import sample_pixels
from kiosk.domain import Image, Vectors
from kiosk.vision.encoders import preprocess
from kiosk.vision.models import ModelDescription

BATCH = 8
SAMPLE_TEXTS = (
    "a photo of an apple",
    "Two bottles of oat milk, 1 l each",
    "red running shoes",
    "牛奶 一公升",
    "cà phê sữa đá",
    "a jar of honey; an endlessly long label " + "very sweet " * 90,
)


def sample_pictures(card: ModelDescription, count: int = 8) -> list[Image]:
    """Deterministic pictures of the tower's size, uint8 RGB."""
    pixels = sample_pixels(count, card.input.height, card.input.width).numpy()
    return [np.rint(picture.transpose(1, 2, 0) * 255).astype(np.uint8) for picture in pixels]


def fit_pictures(pictures: Sequence[Image], card: ModelDescription) -> list[Image]:
    """Pictures of any size as the pixels that the package takes, uint8 RGB.

    This is the kiosk's own preprocessing, stopped before mean and std.
    """
    plain = card.model_copy(
        update={"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0), "colour": "rgb"}
    )
    return [
        np.rint(preprocess(picture, plain).transpose(1, 2, 0) * 255).astype(np.uint8)
        for picture in pictures
    ]


def embed_pictures(tower: ImageTower, fitted: Sequence[Image]) -> Vectors:
    """The network's unit vectors of pictures that have its size already."""
    rows = []
    for start in range(0, len(fitted), BATCH):
        batch = np.stack(
            [preprocess(picture, tower.card) for picture in fitted[start : start + BATCH]]
        )
        with torch.no_grad():
            rows.append(_unit(tower.network(torch.from_numpy(batch))))
    return np.concatenate(rows)


def embed_tokens(tower: TextTower, tokens: Tokens) -> Vectors:
    with torch.no_grad():
        return _unit(tower.network(torch.from_numpy(np.asarray(tokens, np.int32))))


def _unit(vectors: torch.Tensor) -> Vectors:
    rows: Vectors = torch.nn.functional.normalize(vectors.float(), dim=-1).numpy()
    return rows
