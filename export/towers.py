"""A network's towers: what every export and every comparison starts from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from export.load.model import load_model
from kiosk.errors import ModelError
from kiosk.vision.models import ModelDescription

Tokens = NDArray[np.int32]
_SEED = 20  # arbitrary, but fixed: verify builds the same random weights again
_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as the kiosk's preprocessing


@dataclass(frozen=True, slots=True)
class ImageTower:
    """`network` maps normalised pixels float32 (n, 3, height, width) to (n, dimension)."""

    kind: ClassVar[str] = "image"
    network: nn.Module
    card: ModelDescription


@dataclass(frozen=True, slots=True)
class TextTower:
    """`network` maps token ids (n, context_length) to (n, dimension).

    `tokenize` turns texts into ids int32 (n, context_length), over-long ones cut;
    `tokenizer` is the JSON that it was read from.
    """

    kind: ClassVar[str] = "text"
    network: nn.Module
    card: ModelDescription
    context_length: int
    tokenize: Callable[[Sequence[str]], Tokens]
    tokenizer: str = ""


Tower = ImageTower | TextTower


def load_towers(
    model: str | Path, *, as_id: str | None = None, random_weights: bool = False
) -> tuple[ImageTower, TextTower | None]:
    """Load the towers of a model, training branches folded; no text tower where it reads no words.

    Random weights are the same every time, so that verify can build them again.

    Raises:
        ModelError: unknown model, no checkpoint found, or one that does not fit.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_SEED)
        loaded = load_model(model, as_id=as_id, random_weights=random_weights)
    image, text = ImageTower(loaded.image_tower, loaded.card), loaded.card.text
    if loaded.text_tower is None or loaded.tokenizer is None or text is None:
        return image, None
    return image, TextTower(
        loaded.text_tower,
        loaded.card,
        text.context_length,
        loaded.token_ids,
        loaded.tokenizer.to_str(),
    )


def choose_towers(
    kinds: Sequence[str], image: ImageTower, text: TextTower | None
) -> list[ImageTower | TextTower]:
    """Return the towers of the named kinds ("image", "text"); without names, all there are.

    Raises:
        ModelError: a text tower is wanted of a network that has none.
    """
    if text is None and "text" in kinds:
        raise ModelError(
            f"{image.card.title} reads no words: it has no text tower.",
            next_step="Export it with --towers image.",
        )
    towers = {tower.kind: tower for tower in (image, text) if tower is not None}
    return [towers[kind] for kind in kinds or towers]


class RawPixels(nn.Module):
    """Pixels, RGB (n, 3, height, width), to the embedding: mean, std and L2 are in the graph.

    Pixels run from 0 to `white`: 1 behind Core ML's own scaling, 255 for plain bytes.
    """

    luma: torch.Tensor
    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, tower: ImageTower, white: float = 1.0) -> None:
        super().__init__()
        self.network = tower.network
        self.white = white
        self.gray = tower.card.colour == "gray"
        self.plain = set(tower.card.mean) == {0.0} and set(tower.card.std) == {1.0}
        shape = (1, 3, 1, 1)
        self.register_buffer("luma", torch.tensor(_LUMA).reshape(shape))
        self.register_buffer("mean", torch.tensor(tower.card.mean).reshape(shape))
        self.register_buffer("std", torch.tensor(tower.card.std).reshape(shape))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        if self.white != 1:
            pixels = pixels / self.white
        if self.gray:
            pixels = (pixels * self.luma).sum(1, keepdim=True).expand(-1, 3, -1, -1)
        if not self.plain:
            pixels = (pixels - self.mean) / self.std
        return unit(self.network(pixels))


class RawTokens(nn.Module):
    """Token ids (n, length) to the embedding of norm 1."""

    def __init__(self, tower: TextTower) -> None:
        super().__init__()
        self.network = tower.network

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return unit(self.network(tokens))


def unit(vectors: torch.Tensor) -> torch.Tensor:
    result: torch.Tensor = vectors / torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
    return result
