"""MobileCLIP2-S0 with random weights: exported, saved, and proven from disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from export.parity import SAMPLE_TEXTS
from export.to_coreml import package as packaging
from export.to_coreml.convert import convert
from export.to_coreml.options import ExportOptions, Precision, Target, TowerNames
from export.to_coreml.package import export_tower
from export.to_coreml.tools import coremltools
from export.towers import ImageTower, TextTower, Tower, load_towers
from export.verify.estimate import estimate
from export.verify.program import ImageInput, TokenInput, read_package
from export.verify.report import Report
from kiosk.domain import Image

pytestmark = pytest.mark.timeout(1800)  # conversions are slow on a busy machine
MODEL = "mobileclip2_s0"
IMAGE = TowerNames.default(MODEL, "image")


@pytest.fixture(scope="module")
def towers() -> tuple[ImageTower, TextTower]:
    image, text = load_towers(MODEL, random_weights=True)
    assert text is not None
    return image, text


@pytest.fixture(scope="module", autouse=True)
def converted_once() -> Iterator[None]:
    """The image tower is converted once and stored in two precisions."""
    models: dict[str, Any] = {}

    def once(tower: Tower, names: TowerNames, target: Target) -> Any:
        if names.package not in models:
            models[names.package] = convert(tower, names, target)
        return models[names.package]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packaging, "convert", once)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packages")


@pytest.fixture(scope="module")
def image_report(
    towers: tuple[ImageTower, TextTower], folder: Path, pictures: list[Image]
) -> Report:
    return export_tower(towers[0], folder, IMAGE, ExportOptions(pictures=pictures))


@pytest.fixture(scope="module")
def text_report(towers: tuple[ImageTower, TextTower], folder: Path) -> Report:
    return export_tower(towers[1], folder, TowerNames.default(MODEL, "text"), ExportOptions())


def test_image_tower_is_proven_from_disk(image_report: Report) -> None:
    assert image_report.failures == ()
    assert image_report.comparison.cosine_min >= 0.9999
    package = read_package(image_report.package)
    assert package.path.name == "mobileclip_s0_image.mlpackage"
    assert package.input == ImageInput("image", 256, 256, "RGB")
    assert package.output == "final_emb_1"


def test_text_tower_is_proven_from_disk(text_report: Report) -> None:
    assert text_report.failures == ()
    assert text_report.comparison.cosine_min >= 0.9999
    assert text_report.comparison.samples == len(SAMPLE_TEXTS)
    package = read_package(text_report.package)
    assert package.path.name == "mobileclip_s0_text.mlpackage"
    assert package.input == TokenInput("text", (1, 77))
    assert package.output == "final_emb_1"


def test_int8_image_tower_is_small_and_close(
    towers: tuple[ImageTower, TextTower], tmp_path: Path, pictures: list[Image]
) -> None:
    options = ExportOptions(Precision.INT8, pictures=pictures[:2])
    report = export_tower(towers[0], tmp_path, IMAGE, options)
    assert report.bytes < 12e6
    assert report.comparison.cosine_min >= 0.999


def test_description_says_all_that_an_app_needs(image_report: Report, text_report: Report) -> None:
    spec = coremltools().models.utils.load_spec(str(image_report.package))
    metadata = spec.description.metadata
    assert metadata.author
    assert "shops may use it: no" in metadata.license
    assert "shelflens" in metadata.versionString
    assert "512 numbers" in metadata.shortDescription
    assert "256 x 256" in spec.description.input[0].shortDescription
    assert "L2 norm 1" in spec.description.output[0].shortDescription
    stored = read_package(image_report.package).metadata
    assert stored["shelflens.mean"] == "[0.0, 0.0, 0.0]"
    assert stored["shelflens.std"] == "[1.0, 1.0, 1.0]"
    assert stored["shelflens.crop"] == "center"
    assert stored["shelflens.dimension"] == "512"
    assert len(stored["shelflens.weights_sha256"]) == 64
    assert float(stored["shelflens.parity_cosine_min"]) >= 0.9999
    assert len(read_package(text_report.package).metadata["shelflens.tokenizer_sha256"]) == 64


def test_random_weights_are_the_same_again(towers: tuple[ImageTower, TextTower]) -> None:
    again, _ = load_towers(MODEL, random_weights=True)
    first = next(iter(towers[0].network.parameters()))
    assert bool((first == next(iter(again.network.parameters()))).all())


def test_paper_report_counts_what_apple_published(
    image_report: Report, text_report: Report
) -> None:
    image = estimate(read_package(image_report.package))
    text = estimate(read_package(text_report.package))
    assert image.parameters == pytest.approx(11.4e6, rel=0.02)
    assert text.parameters == pytest.approx(63.4e6, rel=0.02)
    assert image.multiplications == pytest.approx(2.385e9, rel=0.02)
    assert image.milliseconds == pytest.approx(1.5, rel=0.05)
    assert image.bytes < 24e6
