"""What an export starts from: a network's tower with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import nn

from kiosk.vision.models import ModelDescription

Tokens = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ImageTower:
    """`network` maps normalised pixels float32 (n, 3, height, width) to (n, dimension)."""

    network: nn.Module
    card: ModelDescription


@dataclass(frozen=True, slots=True)
class TextTower:
    """`network` maps token ids (n, context_length) to (n, dimension).

    `tokenize` turns texts into ids int32 (n, context_length), over-long ones cut;
    `tokenizer` is the JSON that it was read from.
    """

    network: nn.Module
    card: ModelDescription
    context_length: int
    tokenize: Callable[[Sequence[str]], Tokens]
    tokenizer: str = ""


Tower = ImageTower | TextTower
