"""The shipped encoder's package names the same product as the kiosk, over real shelves."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from export.to_coreml.options import TowerNames
from export.towers import ImageTower
from export.verify.execution import TorchExecution
from export.verify.program import read_package
from export.verify.reference import fit_pictures
from kiosk.domain import Gallery
from kiosk.pictures import read_picture
from kiosk.recognition import SearchEngine
from kiosk.vision.encoders import load_encoder
from tests.export.to_coreml.conftest import saved

pytestmark = pytest.mark.timeout(1800)  # on a busy machine
MODEL = "efficientnet_lite0"
BATCH = 16
# Interpreting a picture takes a third of a second: by default every third one is asked.
EVERY = int(os.environ.get("SHELFLENS_EVERY", "3"))
PHOTOS = 2  # every second photo is enrolled: two or three of each product


def rows(file: Path) -> list[tuple[Path, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return [(file.parent / row["path"], row["sku"]) for row in csv.DictReader(stream)]


def test_package_names_the_same_product_as_the_kiosk(
    efficientnet: ImageTower, bench_data: Path, tmp_path: Path
) -> None:
    package = saved(efficientnet, tmp_path, TowerNames.default(MODEL, "image"))
    engine, encoder = SearchEngine(metric="cosine"), load_encoder(MODEL, threads=1)
    enrolled = rows(bench_data / "grocery" / "enrol.csv")[::PHOTOS]
    vectors = np.concatenate(
        [
            encoder.encode([read_picture(path) for path, _ in enrolled[start : start + BATCH]])
            for start in range(0, len(enrolled), BATCH)
        ]
    )
    names = tuple(path.name + sku for path, sku in enrolled)
    engine.replace(Gallery(MODEL, vectors, tuple(sku for _, sku in enrolled), names))
    assert engine.products >= 80
    execution = TorchExecution(read_package(package))
    asked = rows(bench_data / "grocery" / "val.csv")[::EVERY]
    same, cosines = 0, []
    for path, _ in asked:
        picture = read_picture(path)
        theirs = encoder.encode([picture])
        ours = execution.embed(fit_pictures([picture], efficientnet.card))
        same += engine.nearest(ours, 1)[0].sku == engine.nearest(theirs, 1)[0].sku
        cosines.append(float((ours * theirs).sum()))
    assert len(asked) >= 290 // EVERY
    assert same >= 0.99 * len(asked), f"{same} of {len(asked)}"
    assert min(cosines) >= 0.999
