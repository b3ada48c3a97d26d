"""What every family hands over: towers that give embeddings of norm 1."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn


class ImageTower(nn.Module):
    """Normalised pixels, float32 (n, 3, height, width), to float32 (n, dimension), norm 1."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return nn.functional.normalize(self.network(image), dim=-1)


class TextTower(nn.Module):
    """Token ids, int64 (n, context_length), to float32 (n, dimension), norm 1.

    `encode` is called on the ids; it must use no other module than `network`.
    """

    def __init__(
        self, network: nn.Module, encode: Callable[[torch.Tensor], torch.Tensor] | None = None
    ) -> None:
        super().__init__()
        self.network = network
        self.encode = encode or network

    def forward(self, text: torch.Tensor) -> torch.Tensor:
        return nn.functional.normalize(self.encode(text), dim=-1)
