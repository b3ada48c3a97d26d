"""What an export starts from: a network's tower with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import nn

Tokens = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """From a picture to the pixels that the tower takes; mean and std for pixels in 0..1."""

    width: int
    height: int
    resize: Literal["shortest", "squash", "longest_pad"]
    crop: Literal["center", "none"]
    interpolation: Literal["bilinear", "bicubic", "area"]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    colour: Literal["rgb", "gray"] = "rgb"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a network comes from and who may use it."""

    model_id: str
    title: str
    family: str
    author: str
    licence: str
    commercial_use: str
    source: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ImageTower:
    """`network` maps normalised pixels float32 (n, 3, height, width) to (n, dimension)."""

    network: nn.Module
    origin: Origin
    preprocessing: Preprocessing
    dimension: int


@dataclass(frozen=True, slots=True)
class TextTower:
    """`network` maps token ids (n, context_length) to (n, dimension).

    `tokenize` turns texts into ids int32 (n, context_length), over-long ones cut.
    """

    network: nn.Module
    origin: Origin
    context_length: int
    dimension: int
    tokenize: Callable[[Sequence[str]], Tokens]
    tokenizer_sha256: str = ""


Tower = ImageTower | TextTower
