"""The shipped encoder, with its real weights, on real pictures."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from export.coreml.job import Wish, export_tower
from export.coreml.names import image_names
from export.coreml.tower import ImageTower
from export.verify.execution import TorchExecution
from export.verify.package import Shelf, verify_package
from export.verify.program import read_package
from export.verify.reference import fit_pictures
from export.verify.report import Report
from kiosk.domain import Gallery, Image
from kiosk.pictures import read_picture
from kiosk.search.engine import SearchEngine
from kiosk.vision.encoder import load_encoder

pytestmark = pytest.mark.timeout(1800)  # conversions are slow on a busy machine
MODEL = "efficientnet_lite0"
BATCH = 16
# Interpreting a picture takes a quarter of a second: by default every third one is asked.
EVERY = int(os.environ.get("SHELFLENS_EVERY", "3"))


@pytest.fixture(scope="module")
def report(efficientnet: ImageTower, tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("packages")
    return export_tower(efficientnet, folder, image_names(MODEL), Wish())


def rows(file: Path) -> list[tuple[Path, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return [(file.parent / row["path"], row["sku"]) for row in csv.DictReader(stream)]


def test_real_weights_are_proven_from_disk(report: Report) -> None:
    assert report.failures == ()
    assert report.comparison.cosine_min >= 0.9999


def test_real_pictures_are_proven_and_keep_their_neighbours(
    report: Report, efficientnet: ImageTower, real_pictures: list[Image]
) -> None:
    fitted = fit_pictures(real_pictures, efficientnet.card)
    vectors = TorchExecution(read_package(report.package)).embed(fitted)
    gallery = Gallery(MODEL, vectors, tuple("abcdefgh"), tuple("abcdefgh"))
    shelf = Shelf(fitted[:4], [-1] * 4, gallery)
    found = verify_package(report.package, efficientnet, pictures=real_pictures, shelf=shelf)
    assert found.failures == ()
    assert found.agreement is not None
    assert found.agreement.same_top1 == found.agreement.queries == 4


def test_package_names_the_same_product_as_the_kiosk(
    report: Report, efficientnet: ImageTower, bench_data: Path
) -> None:
    engine, encoder = SearchEngine(metric="cosine"), load_encoder(MODEL, threads=1)
    enrolled = rows(bench_data / "grocery" / "enrol.csv")
    vectors = np.concatenate(
        [
            encoder.encode([read_picture(path) for path, _ in enrolled[start : start + BATCH]])
            for start in range(0, len(enrolled), BATCH)
        ]
    )
    names = tuple(path.name + sku for path, sku in enrolled)
    engine.replace(Gallery(MODEL, vectors, tuple(sku for _, sku in enrolled), names))
    execution = TorchExecution(read_package(report.package))
    asked = rows(bench_data / "grocery" / "val.csv")[::EVERY]
    same = 0
    for path, _ in asked:
        picture = read_picture(path)
        kiosk = engine.nearest(encoder.encode([picture]), 1)[0].sku
        phone = engine.nearest(execution.embed(fit_pictures([picture], efficientnet.card)), 1)
        same += phone[0].sku == kiosk
    assert len(asked) >= 290 // EVERY
    assert same >= 0.99 * len(asked), f"{same} of {len(asked)}"
