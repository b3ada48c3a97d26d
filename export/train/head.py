"""Learn the projection of the shipped encoder: `python -m export.train.head PHOTOS...`.

Each PHOTOS is a folder arranged like a shop (see `export.train.photos`). With features x of
those photos, mean m, and x' of the same photos as a kiosk's camera would see them:

    C = (1 - w) cov(x - mean of its product) + w cov(x' - x) = V diag(e) V'
    D = V diag(sqrt(l / (e + l))) V',   l the mean of e
    embedding = unit(U' unit(D (x - m))),   U the 512 main axes of unit(D (x - m))

Directions that change within a product, or between photo and camera, count less for every
product, also for those never seen here (within-class covariance normalisation: Hatch,
Kajarekar and Stolcke, Interspeech 2006). `--folds` proves it on products left out.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from PIL import Image as Pillow, ImageOps
from torch import nn

from export.load.efficientnet import shelf_backbone
from export.load.shelf_features import HEAD_FILE, SIZE, ShelfFeatures
from export.to_onnx.graph import export_onnx
from export.train.photos import (
    SCENES,
    SEED,
    Array,
    Rows,
    camera_view,
    count_right,
    read_rows,
    scenes,
    shown_rows,
)
from kiosk.domain import Image
from kiosk.pictures import read_picture

DIMENSION = 512  # of the embedding; chosen
CAMERA_WEIGHT = 0.3  # w; chosen; camera views are worth +0.08 (benchmarks/RESULTS.md)
FOLDS = 4


def fit_head(photos: Array, camera: Array, owner: Rows) -> tuple[Array, Array]:
    """Mean (f,) and projection (f, 512) of the module's formula; `owner` numbers products."""
    mean = photos.mean(axis=0)
    means = np.stack([photos[owner == k].mean(axis=0) for k in range(owner.max() + 1)])
    within, shift = photos - means[owner], camera - photos
    mixed = (1 - CAMERA_WEIGHT) * within.T @ within + CAMERA_WEIGHT * shift.T @ shift
    values, axes = np.linalg.eigh(mixed / len(photos))
    level = values.mean()
    gains = np.sqrt(level / (np.maximum(values, 0.0) + level)).astype(np.float32)
    damped = ((photos - mean) @ axes) * gains
    damped /= np.linalg.norm(damped, axis=1, keepdims=True)
    _, main = np.linalg.eigh(damped.T @ damped / len(damped))
    projection = (axes * gains) @ main[:, ::-1][:, :DIMENSION]
    return mean.astype(np.float32), projection.astype(np.float32)


def embed(features: Array, head: tuple[Array, Array]) -> Array:
    """What the graph's last layers do: (n, f) to (n, 512)."""
    projected = (features - head[0]) @ head[1]
    unit: Array = projected / np.linalg.norm(projected, axis=1, keepdims=True)
    return unit


def prove(photos: Array, camera: Array, owner: Rows) -> list[str]:
    """Top-1 of plain cosine on products that the head did not see, before and after.

    Gallery: five photos of each product, spread over its file; queries: the others, as
    photographed and as a camera sees them.
    """
    right = {"features": 0, "head": 0, "features, camera": 0, "head, camera": 0}
    shown = shown_rows(owner)
    asked = 0
    for fold in range(FOLDS):
        seen = owner % FOLDS != fold
        _, numbers = np.unique(owner[seen], return_inverse=True)
        head = fit_head(photos[seen], camera[seen], numbers)
        queries = np.setdiff1d(np.flatnonzero(~seen), shown)
        asked += len(queries)
        for name, gallery, probe in (
            ("features", photos[shown], photos[queries]),
            ("head", embed(photos[shown], head), embed(photos[queries], head)),
            ("features, camera", photos[shown], camera[queries]),
            ("head, camera", embed(photos[shown], head), embed(camera[queries], head)),
        ):
            right[name] += count_right(gallery, owner[shown], probe, owner[queries])
    return [f"{name}: top-1 {count / asked:.3f} of {asked}" for name, count in right.items()]


def extract(paths: list[Path], network: nn.Module | None = None) -> tuple[Array, Array]:
    """Features of each photo (n, 2608), as it is and as a camera sees it.

    `network` is the backbone, by default the one that ships.
    """
    behind = scenes(paths)
    graph = _graph(ShelfFeatures(shelf_backbone() if network is None else network))

    def both(number: int) -> tuple[Array, Array]:
        rng = np.random.default_rng([SEED, number])
        photo = read_picture(paths[number])
        seen = camera_view(rng, photo, behind[number % SCENES])
        as_is, by_camera = (
            graph.run(None, {"image": _pixels(picture)})[0][0] for picture in (photo, seen)
        )
        return as_is, by_camera

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        photos, camera = zip(*pool.map(both, range(len(paths))), strict=True)
    return np.stack(photos), np.stack(camera)


def _graph(features: nn.Module) -> ort.InferenceSession:
    """Open the features in ONNX Runtime, which is three times as fast as PyTorch here."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "features.onnx"
        sample = torch.zeros(2, 3, SIZE, SIZE)
        export_onnx(features, sample, file, input_name="image", output_name="features")
        return ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def _pixels(picture: Image) -> Array:
    """Fit the whole picture as the model's card asks for it: (1, 3, 448, 448), -1 to 1."""
    square = ImageOps.pad(Pillow.fromarray(picture), (SIZE, SIZE), Pillow.Resampling.BILINEAR)
    pixels = np.asarray(square, np.float32) / np.float32(127.5) - 1
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], np.float32)


def main() -> None:
    arguments = argparse.ArgumentParser(description="Learn the shipped encoder's projection.")
    arguments.add_argument("photos", type=Path, nargs="+")
    arguments.add_argument("--folds", action="store_true", help="prove it on products left out")
    options = arguments.parse_args()
    paths, owner = read_rows(*options.photos)
    photos, camera = extract(paths)
    if options.folds:
        print("\n".join(prove(photos, camera, owner)))
    mean, projection = fit_head(photos, camera, owner)
    np.savez(HEAD_FILE, mean=mean, projection=projection.astype(np.float16))


if __name__ == "__main__":
    main()
