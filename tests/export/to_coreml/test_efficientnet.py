"""The shipped encoder, with its real weights, on real pictures."""

from __future__ import annotations

import pytest

from export.to_coreml.options import ExportOptions, TowerNames
from export.to_coreml.package import export_tower
from export.towers import ImageTower
from export.verify.package import verify_package
from export.verify.reference import embed_pictures, fit_pictures
from export.verify.report import ReferenceGallery, Report
from kiosk.domain import Gallery, Image

pytestmark = pytest.mark.timeout(1800)  # conversions are slow on a busy machine
MODEL = "efficientnet_lite0"


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
