"""The shipped encoder with its real weights: its package is proven, also over real shelves."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from export.to_coreml.options import ExportOptions, TowerNames
from export.to_coreml.package import export_tower
from export.towers import ImageTower, load_towers
from export.verify.execution import TorchExecution
from export.verify.package import verify_package
from export.verify.program import read_package
from export.verify.reference import embed_pictures, fit_pictures
from export.verify.report import ReferenceGallery, Report
from kiosk.domain import Gallery, Image
from kiosk.pictures import read_picture
from kiosk.recognition import SearchEngine
from kiosk.vision.encoders import load_encoder

pytestmark = pytest.mark.timeout(1800)  # conversions are slow on a busy machine
MODEL = "efficientnet_lite0"
BATCH = 16
# Interpreting a picture takes a third of a second: by default every third one is asked.
EVERY = int(os.environ.get("SHELFLENS_EVERY", "3"))
PHOTOS = 2  # every second photo is enrolled: two or three of each product


@pytest.fixture(scope="module")
def efficientnet() -> ImageTower:
    return load_towers("efficientnet_lite0")[0]


@pytest.fixture(scope="module")
def report(
    efficientnet: ImageTower, tmp_path_factory: pytest.TempPathFactory, pictures: list[Image]
) -> Report:
    folder = tmp_path_factory.mktemp("packages")
    return export_tower(
        efficientnet,
        folder,
        TowerNames.default(MODEL, "image"),
        ExportOptions(pictures=pictures[:3]),
    )


def test_real_weights_are_proven_from_disk(report: Report) -> None:
    assert report.failures == ()
    assert report.comparison.samples == 3
    assert report.comparison.cosine_min >= 0.9999


def test_real_pictures_are_proven_and_keep_their_neighbours(
    report: Report, efficientnet: ImageTower, real_pictures: list[Image]
) -> None:
    fitted = fit_pictures(real_pictures, efficientnet.card)
    vectors = embed_pictures(efficientnet, fitted)
    gallery = Gallery(MODEL, vectors, tuple("abcdefgh"), tuple("abcdefgh"))
    reference = ReferenceGallery(fitted[:3], [-1] * 3, gallery)
    found = verify_package(
        report.package, efficientnet, pictures=real_pictures[3:], gallery=reference
    )
    assert found.failures == ()
    assert found.comparison.samples == 5
    assert found.agreement is not None
    assert found.agreement.same_top1 == found.agreement.queries == 3


def rows(file: Path) -> list[tuple[Path, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return [(file.parent / row["path"], row["sku"]) for row in csv.DictReader(stream)]


def test_package_names_the_same_product_as_the_kiosk(
    report: Report, efficientnet: ImageTower, bench_data: Path
) -> None:
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
    execution = TorchExecution(read_package(report.package))
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
