"""What the shipped encoder looks at: several depths, colour, weighted to the middle.

One square picture of 448 pixels, padded so that nothing is cut off, is seen twice: whole, at
224, and its middle 71 %, at 320.
From each view the network's last block outputs of five stages and its final features
are averaged with a Gaussian window, because shoppers hold products to the middle. Early
stages tell textures and colours apart, late ones shapes. A soft colour histogram joins
them. Plain tensor operations only: the same graph has to run on phones.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

# What each of these is worth was measured: benchmarks/RESULTS.md, "Kept".
STAGES = (1, 3, 4, 5, 6)  # 24, 80, 112, 192, 320 channels at strides 4, 16, 16, 32, 32
CHANNELS = (24, 80, 112, 192, 320, 1280)
BINS = (6, 10, 10)  # brightness, red against green, yellow against blue
RANGES = ((0.0, 1.0), (-0.5, 0.7), (-0.4, 0.7))  # chosen
HISTOGRAM_SIDE = 64  # pixels; chosen
HISTOGRAM_WEIGHT = 0.4
FEATURES = sum(CHANNELS) + BINS[0] * BINS[1] * BINS[2]


SIZE = 448  # pixels of the picture's side; benchmarks/RESULTS.md, "Accuracy against CPU time"
MIDDLE = 320  # pixels of its middle, which is seen at full resolution; the same table
_SIDES = {side // stride for side in (SIZE // 2, MIDDLE) for stride in (4, 16, 32)}
HEAD_FILE = Path(__file__).with_name("shelf_head.npz")


def window(side: int) -> torch.Tensor:
    """Gaussian weights (side, side) of sum 1; one standard deviation is a third of the side."""
    steps = (torch.arange(side) - (side - 1) / 2) / (side / 3)
    line = torch.exp(-(steps**2) / 2)
    plane = line[:, None] * line[None, :]
    return plane / plane.sum()


class ShelfHead(nn.Module):
    """Features (n, 2608) to the embedding (n, 512) of norm 1; see `export.train.head`."""

    mean: torch.Tensor
    projection: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        stored = np.load(HEAD_FILE)
        self.register_buffer("mean", torch.from_numpy(stored["mean"]))
        self.register_buffer("projection", torch.from_numpy(stored["projection"]).float())
        self.dimension = int(stored["projection"].shape[1])

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return _unit(torch.matmul(features - self.mean, self.projection))


class ShelfFeatures(nn.Module):
    """Pixels in -1..1 (n, 3, 448, 448) to features (n, 2608) of norm 1."""

    width = FEATURES

    def __init__(self, backbone: nn.Module) -> None:
        super().__init__()
        self.backbone = backbone
        for side in sorted(_SIDES | {HISTOGRAM_SIDE}):
            self.register_buffer(f"window_{side}", window(side), persistent=False)
        for bins in set(BINS):
            steps = torch.arange(bins, dtype=torch.float32).reshape(1, bins, 1)
            self.register_buffer(f"steps_{bins}", steps, persistent=False)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        edge = (SIZE - MIDDLE) // 2
        middle = self._depths(image[:, :, edge : edge + MIDDLE, edge : edge + MIDDLE])
        whole = self._depths(nn.functional.avg_pool2d(image, 2))
        parts = [_unit(_unit(a) + _unit(b)) for a, b in zip(whole, middle, strict=True)]
        depths = _unit(torch.cat(parts, dim=1))
        colours = _unit(self._histogram(image)) * HISTOGRAM_WEIGHT
        return _unit(torch.cat([depths, colours], dim=1))

    def _depths(self, image: torch.Tensor) -> list[torch.Tensor]:
        net = self.backbone
        x = net.bn1(net.conv_stem(image))  # type: ignore[operator]
        pooled = []
        for i, stage in enumerate(net.blocks):  # type: ignore[arg-type]
            x = stage(x)
            if i in STAGES:
                pooled.append(self._pool(x))
        return [*pooled, self._pool(net.bn2(net.conv_head(x)))]  # type: ignore[operator]

    def _pool(self, x: torch.Tensor) -> torch.Tensor:
        weights: torch.Tensor = getattr(self, f"window_{x.shape[-1]}")
        return (x * weights).sum(dim=(2, 3))

    def _histogram(self, image: torch.Tensor) -> torch.Tensor:
        """Square roots of a histogram in opponent colours with triangular bins."""
        small = nn.functional.avg_pool2d(image, SIZE // HISTOGRAM_SIDE) * 0.5 + 0.5
        r, g, b = (small[:, i : i + 1].flatten(2) for i in range(3))
        opponents = ((r + g + b) / 3, r - g, (r + g) / 2 - b)
        light, red, yellow = (self._soft(x, i) for i, x in enumerate(opponents))
        weights = getattr(self, f"window_{HISTOGRAM_SIDE}").reshape(1, 1, -1) * 1000.0
        hues = (red[:, :, None] * yellow[:, None, :]).flatten(1, 2) * weights
        joint = torch.matmul(hues, light.transpose(1, 2)).flatten(1)
        return torch.sqrt(joint + 1e-3)

    def _soft(self, values: torch.Tensor, axis: int) -> torch.Tensor:
        """Triangular membership (n, bins, pixels) of values (n, 1, pixels), ends included."""
        (low, high), bins = RANGES[axis], BINS[axis]
        place = torch.clamp((values - low) * ((bins - 1) / (high - low)), 0, bins - 1)
        return torch.relu(1 - torch.abs(place - getattr(self, f"steps_{bins}")))


def _unit(x: torch.Tensor) -> torch.Tensor:
    return nn.functional.normalize(x, dim=1)
