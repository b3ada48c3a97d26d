"""Learn the projection of the shipped encoder: `python -m export.train_head PHOTOS`.

PHOTOS is a folder arranged like a shop, with `enrol.csv` and `train_rest.csv` (columns
path,sku). With features x of those photos, mean m, and x' of the same photos as a kiosk's
camera would see them:

    C = (1 - w) cov(x - mean of its product) + w cov(x' - x) = V diag(e) V'
    D = V diag(sqrt(l / (e + l))) V',   l the mean of e
    embedding = unit(U' unit(D (x - m))),   U the 512 main axes of unit(D (x - m))

Directions that change within a product, or between photo and camera, count less for every
product, also for those never seen here (within-class covariance normalisation: Hatch,
Kajarekar and Stolcke, Interspeech 2006). `--folds` proves it on products left out.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as Pillow

from export import torch_setup as _torch_setup  # noqa: F401 - must come first
from export.camera_view import camera_view, scene_behind
from export.efficientnet import backbone
from export.shelf_features import HEAD_FILE, SIZE, ShelfFeatures
from kiosk.domain import Image
from kiosk.pictures import read_picture

Array = NDArray[np.float32]
DIMENSION = 512
CAMERA_WEIGHT = 0.3  # w
SEED = 5
SCENE_EVERY = 20  # photos
FOLDS = 4
SHOWN = 5  # photos of a product in the proof's gallery


def fit_head(photos: Array, camera: Array, owner: NDArray[np.intp]) -> tuple[Array, Array]:
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


def prove(photos: Array, camera: Array, owner: NDArray[np.intp]) -> list[str]:
    """Top-1 of plain cosine on products that the head did not see, before and after.

    Gallery: five photos of each product, spread over its file; queries: the others, as
    photographed and as a camera sees them.
    """
    right = {"features": 0, "head": 0, "features, camera": 0, "head, camera": 0}
    shown = np.concatenate([_spread(np.flatnonzero(owner == k)) for k in np.unique(owner)])
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
            best = owner[shown][np.argmax(probe @ gallery.T, axis=1)]
            right[name] += int((best == owner[queries]).sum())
    return [f"{name}: top-1 {count / asked:.3f} of {asked}" for name, count in right.items()]


def _spread(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    spread: NDArray[np.intp] = rows[np.linspace(0, len(rows) - 1, SHOWN).round().astype(int)]
    return spread


def read_rows(folder: Path) -> list[tuple[Path, str]]:
    """Training photos and their SKU."""
    rows = []
    for name in ("enrol.csv", "train_rest.csv"):
        with (folder / name).open(newline="", encoding="utf-8") as stream:
            rows += [(folder / row["path"], row["sku"]) for row in csv.DictReader(stream)]
    return rows


def extract(rows: list[tuple[Path, str]]) -> tuple[Array, Array]:
    """Features of each photo (n, 2608), as it is and as a camera sees it."""
    network = ShelfFeatures(backbone()).eval()
    rng = np.random.default_rng(SEED)
    pictures = [read_picture(path) for path, _ in rows]
    photos = np.empty((len(rows), network.width), np.float32)
    camera = np.empty_like(photos)
    for i, picture in enumerate(pictures):
        if i % SCENE_EVERY == 0:
            scene = scene_behind(rng, pictures)
        photos[i] = _features(network, picture)
        camera[i] = _features(network, camera_view(rng, picture, scene))
    return photos, camera


def _features(network: ShelfFeatures, picture: Image) -> Array:
    with torch.no_grad():
        features: Array = network(_pixels(picture))[0].numpy()
    return features


def _pixels(picture: Image) -> torch.Tensor:
    """The central square as the model's card asks for it: (1, 3, 640, 640), -1 to 1."""
    height, width = picture.shape[:2]
    side = min(height, width)
    left, top = (width - side) / 2, (height - side) / 2
    square = Pillow.fromarray(picture).resize(
        (SIZE, SIZE), Pillow.Resampling.BILINEAR, box=(left, top, left + side, top + side)
    )
    pixels = np.asarray(square, np.float32) / 127.5 - 1
    return torch.from_numpy(pixels.transpose(2, 0, 1)[None].copy())


def main() -> None:
    arguments = argparse.ArgumentParser(description="Learn the shipped encoder's projection.")
    arguments.add_argument("photos", type=Path)
    arguments.add_argument("--folds", action="store_true", help="prove it on products left out")
    options = arguments.parse_args()
    rows = read_rows(options.photos)
    _, owner = np.unique([sku for _, sku in rows], return_inverse=True)
    photos, camera = extract(rows)
    if options.folds:
        print("\n".join(prove(photos, camera, owner)))
    mean, projection = fit_head(photos, camera, owner)
    np.savez(HEAD_FILE, mean=mean, projection=projection.astype(np.float16))


if __name__ == "__main__":
    main()
