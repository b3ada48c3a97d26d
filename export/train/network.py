"""Teach the shipped encoder's last stages what shops sell: `python -m export.train.network PHOTOS`.

PHOTOS is a folder as for `export.train.head`, which is to be run again afterwards. Stages 5
and 6 and the last convolution learn to tell the photographed products apart by the cosine
to one learned vector a product (normalised softmax: Zhai and Wu, "Classification is a strong
baseline for deep metric learning", BMVC 2019). What comes before stays as it was, so that its
activations are computed once; so do the statistics of batch normalisation. Each photo is
shown whole, cropped, mirrored, and twice as a kiosk's camera would see it.

`--folds` proves it on products that the training never saw, before and after.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from export.load.efficientnet import TUNED_FILE, backbone, tuned_parameters
from export.load.shelf_features import window
from export.train.photos import (
    SCENES,
    SEED,
    Rows,
    camera_view,
    count_right,
    read_rows,
    scenes,
    shown_rows,
)
from kiosk.domain import Image
from kiosk.pictures import read_picture

SIDE = 320  # pixels of a view: of the shipped encoder's middle
VIEWS = 5  # of a photo; see `views`
FIRST = 5  # the first stage that learns; earlier ones were not tried (benchmarks/RESULTS.md)
BATCH_PRODUCTS, BATCH_EACH = 16, 4  # chosen, not tuned
STEPS = 125  # twice as many gave the same (benchmarks/RESULTS.md)
RATE = 2e-4  # chosen, not tuned; the vectors of products learn ten times as fast
SCALE = 16.0  # of the cosine; chosen, not tuned
SMOOTHING = 0.1  # of the labels, the common value since Szegedy et al. (CVPR 2016)
FOLDS = 2


class Front(nn.Module):
    """Pixels in -1..1 (n, 3, 320, 320) to activations (n, 112, 20, 20)."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.stem = nn.Sequential(network.conv_stem, network.bn1)  # type: ignore[arg-type]
        self.stages = network.blocks[:FIRST]  # type: ignore[index]

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        activations: torch.Tensor = self.stages(self.stem(image))  # type: ignore[operator]
        return activations


class Tail(nn.Module):
    """Those activations to a vector (n, 1904) of norm 1: as `ShelfFeatures` pools them."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.stages = network.blocks[FIRST:]  # type: ignore[index]
        self.head = nn.Sequential(network.conv_head, network.bn2)  # type: ignore[arg-type]
        self.register_buffer("window_20", window(20), persistent=False)
        self.register_buffer("window_10", window(10), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        depths = [x]
        for stage in self.stages:
            depths.append(stage(depths[-1]))
        depths.append(self.head(depths[-1]))
        parts = [nn.functional.normalize(self._pool(depth.float()), dim=1) for depth in depths]
        return nn.functional.normalize(torch.cat(parts, dim=1), dim=1)

    def _pool(self, x: torch.Tensor) -> torch.Tensor:
        weights: torch.Tensor = getattr(self, f"window_{x.shape[-1]}")
        return (x * weights).sum(dim=(2, 3))


def views(rng: np.random.Generator, photo: Image, scene: Image) -> NDArray[np.uint8]:
    """Return the photo as it is, cropped, mirrored, and seen by a camera: (5, 320, 320, 3)."""
    seen: list[NDArray[np.uint8]] = [
        _square(photo),
        _lit(rng, _cropped(rng, photo)),
        _lit(rng, _cropped(rng, photo))[:, ::-1],
        *(_cropped(rng, camera_view(rng, photo, scene)) for _ in range(2)),
    ]
    stacked: NDArray[np.uint8] = np.stack(seen)
    return stacked


def _square(photo: Image, share: float = 1.0, right: float = 0.0, down: float = 0.0) -> Image:
    """A square of `share` of the shorter side, off the centre by shares of it."""
    height, width = photo.shape[:2]
    short = min(height, width)
    side = short * share
    left = float(np.clip((width - side) / 2 + right * short, 0, width - side))
    top = float(np.clip((height - side) / 2 + down * short, 0, height - side))
    zoom = SIDE / side
    matrix = np.array([[zoom, 0, -left * zoom], [0, zoom, -top * zoom]], np.float32)
    return np.asarray(cv2.warpAffine(photo, matrix, (SIDE, SIDE)), np.uint8)


def _cropped(rng: np.random.Generator, photo: Image) -> Image:
    return _square(photo, rng.uniform(0.5, 1.0), rng.uniform(-0.15, 0.15), rng.uniform(-0.15, 0.15))


def _lit(rng: np.random.Generator, picture: Image) -> Image:
    gain = rng.uniform(0.75, 1.25) * rng.uniform(0.93, 1.07, 3)
    middle = picture.mean()
    lit = ((picture - middle) * rng.uniform(0.8, 1.2) + middle) * gain
    return np.asarray(np.clip(lit, 0, 255), np.uint8)


def activations(photos: list[Path]) -> NDArray[np.float16]:
    """What the unchanging front gives for each view: (n, 5, 112, 20, 20)."""
    front = Front(backbone()).eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    behind = scenes(photos)

    def embed_views(number: int) -> NDArray[np.float16]:
        rng = np.random.default_rng([SEED, number])
        seen = views(rng, read_picture(photos[number]), behind[number % SCENES])
        pixels = torch.from_numpy(seen).permute(0, 3, 1, 2).float() / 127.5 - 1
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            given: NDArray[np.float16] = front(pixels).half().numpy()
        return given

    torch.set_num_threads(1)
    stored = np.empty((len(photos), VIEWS, 112, SIDE // 16, SIDE // 16), np.float16)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, given in enumerate(pool.map(embed_views, range(len(photos)))):
            stored[number] = given
            if number % 200 == 0:
                print(f"{number} of {len(photos)} photos seen", flush=True)
    torch.set_num_threads(os.cpu_count() or 1)
    return stored


def train(stored: NDArray[np.float16], owner: Rows) -> nn.Module:
    """Return the network with its last stages trained on these photos; `owner` numbers products."""
    torch.manual_seed(SEED)
    network = backbone()
    tail = Tail(network).eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    whole = embed(tail, stored[:, 0])
    centre = torch.from_numpy(whole.mean(axis=0))
    means = np.stack([whole[owner == k].mean(axis=0) for k in range(owner.max() + 1)])
    products = nn.Parameter(nn.functional.normalize(torch.from_numpy(means) - centre, dim=1))
    groups = [
        {"params": list(tail.parameters()), "lr": RATE, "weight_decay": 1e-2},
        {"params": [products], "lr": 10 * RATE, "weight_decay": 0.0},
    ]
    learning = torch.optim.AdamW(groups)
    rates = torch.optim.lr_scheduler.OneCycleLR(
        learning, [RATE, 10 * RATE], total_steps=STEPS, pct_start=0.1
    )
    for step, (batch, labels) in enumerate(_batches(stored, owner)):
        with torch.autocast("cpu", torch.bfloat16):
            vectors = tail(batch)
        vectors = nn.functional.normalize(vectors - centre, dim=1)
        scores = SCALE * vectors @ nn.functional.normalize(products, dim=1).T
        loss = nn.functional.cross_entropy(scores, labels, label_smoothing=SMOOTHING)
        learning.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        learning.step()
        rates.step()
        if step % 25 == 0:
            print(f"step {step} of {STEPS}: loss {loss.item():.3f}", flush=True)
    return network


def _batches(
    stored: NDArray[np.float16], owner: Rows
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    rng = np.random.default_rng(SEED)
    of_product = [np.flatnonzero(owner == k) for k in range(owner.max() + 1)]
    for _ in range(STEPS):
        chosen = rng.choice(len(of_product), BATCH_PRODUCTS, replace=False)
        rows = np.concatenate([rng.choice(of_product[k], BATCH_EACH) for k in chosen])
        batch = stored[rows, rng.integers(0, VIEWS, len(rows))]
        yield _as_input(batch), torch.from_numpy(owner[rows])


def embed(tail: nn.Module, stored: NDArray[np.float16]) -> NDArray[np.float32]:
    """Vectors (n, 1904) of activations (n, 112, 20, 20)."""
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        parts = [
            tail(_as_input(stored[start : start + 64])).numpy()
            for start in range(0, len(stored), 64)
        ]
    return np.concatenate(parts)


def _as_input(batch: NDArray[np.float16]) -> torch.Tensor:
    return torch.from_numpy(batch).float().contiguous(memory_format=torch.channels_last)


def prove(stored: NDArray[np.float16], owner: Rows) -> Iterator[str]:
    """Top-1 of plain cosine on products that were left out, before and after.

    Gallery: five photos of each left-out product, spread over its file; queries: its other
    photos, as they are and as a camera sees them.
    """
    for fold in range(FOLDS):
        left_out = owner % FOLDS == fold
        numbers = np.unique(owner[~left_out], return_inverse=True)[1]
        for name, network in (
            ("before", backbone()),
            ("after", train(stored[~left_out], numbers)),
        ):
            tail = Tail(network).eval()
            rates = [_top1(tail, stored[left_out], owner[left_out], view) for view in (0, -1)]
            yield f"fold {fold}, {name}: top-1 {rates[0]:.3f}, as a camera sees them {rates[1]:.3f}"


def _top1(tail: nn.Module, stored: NDArray[np.float16], owner: Rows, view: int) -> float:
    shown = shown_rows(owner)
    asked = np.setdiff1d(np.arange(len(owner)), shown)
    gallery, queries = embed(tail, stored[shown, 0]), embed(tail, stored[asked, view])
    return count_right(gallery, owner[shown], queries, owner[asked]) / len(asked)


def main() -> None:
    arguments = argparse.ArgumentParser(description="Train the shipped encoder's last stages.")
    arguments.add_argument("photos", type=Path)
    arguments.add_argument("--folds", action="store_true", help="prove it on products left out")
    options = arguments.parse_args()
    paths, owner = read_rows(options.photos)
    stored = activations(paths)
    tuned = tuned_parameters(train(stored, owner))
    arrays = {name: value.detach().half().numpy() for name, value in tuned.items()}
    np.savez(TUNED_FILE, allow_pickle=False, **arrays)
    if options.folds:
        for line in prove(stored, owner):
            print(line, flush=True)


if __name__ == "__main__":
    main()
