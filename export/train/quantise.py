"""Make the shipped int8 encoder from the float one: `python -m export.train.quantise PHOTOS...`.

Each PHOTOS is a folder arranged like a shop (see `export.train.photos`): some of its photos
calibrate the ranges of the integers.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from export.train.photos import read_rows
from kiosk.pictures import read_picture
from kiosk.resources import models_dir
from kiosk.vision.encoders import load_encoder
from kiosk.vision.models import find_model, write_twin

MODEL = "efficientnet_lite0"
PICTURES = 128  # evenly spread; chosen: the accuracy is in benchmarks/RESULTS.md


def main() -> None:
    arguments = argparse.ArgumentParser(description="Make the shipped int8 encoder.")
    arguments.add_argument("photos", type=Path, nargs="+")
    options = arguments.parse_args()
    paths, _ = read_rows(*options.photos)
    chosen = np.linspace(0, len(paths) - 1, PICTURES).round().astype(int)
    pictures = [read_picture(paths[number]) for number in chosen]
    encoder = load_encoder(MODEL, runtime="onnxruntime")
    twin = write_twin(find_model(MODEL), pictures, models_dir(), encoder)
    print(f"{twin.path}: cosine to the float encoder at least {twin.card.parity.cosine_min}")


if __name__ == "__main__":
    main()
