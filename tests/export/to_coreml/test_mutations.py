"""Whatever goes wrong between a network and its package, verify says so."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from export import towers
from export.to_coreml.description import entries, stamp
from export.to_coreml.options import ExportOptions, TowerNames
from export.to_coreml.package import export_tower
from export.to_coreml.tools import coremltools
from export.towers import ImageTower
from export.verify.package import verify_package
from export.verify.program import locate_model
from export.verify.report import Report
from kiosk.domain import Image
from kiosk.errors import ModelError
from tests.export.to_coreml.conftest import saved

NAMES = TowerNames("shop_image", "image")


class Head(nn.Module):
    """A small network that reacts to colours and to scale; its output has any length."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(4)
        self.layers = nn.Sequential(
            nn.Conv2d(3, 16, 5, 4),
            nn.Hardswish(),
            nn.Conv2d(16, 32, 3, 2),
            nn.Hardswish(),
            nn.AdaptiveAvgPool2d(2),
            nn.Flatten(),
            nn.Linear(128, 24),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.layers(x) * 3
        return result


class Swapped(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.network(x.flip(1))
        return result


@pytest.fixture(scope="module")
def tower(small_tower: Callable[[nn.Module], ImageTower]) -> ImageTower:
    return small_tower(Head().eval())


@pytest.fixture(scope="module")
def sound(tower: ImageTower, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    report = export_tower(tower, folder, NAMES, ExportOptions())
    assert report.passed
    return report.package


@pytest.fixture
def package(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / sound.name))


def failed(report: Report) -> set[str]:
    return {check.name for check in report.failures}


def rewrite(package: Path, change: Callable[[Any], None]) -> None:
    path = locate_model(package)
    spec = coremltools().proto.Model_pb2.Model()
    spec.ParseFromString(path.read_bytes())
    change(spec)
    path.write_bytes(spec.SerializeToString())


def test_sound_package_passes(sound: Path, tower: ImageTower, pictures: list[Image]) -> None:
    report = verify_package(sound, tower, pictures=pictures)
    assert report.failures == ()
    assert report.comparison.cosine_min > 0.9999
    assert report.comparison.own_nearest == len(pictures)
    (told,) = [check.detail for check in report.checks if check.name == "metadata"]
    assert told.endswith("mean 0.481, 0.458, 0.408; std 0.269, 0.261, 0.276")


@pytest.mark.parametrize("entry", ["mean", "std"])
def test_wrong_mean_or_std_in_the_graph_is_caught(
    entry: str, tower: ImageTower, tmp_path: Path, pictures: list[Image]
) -> None:
    wrong = tower.card.model_copy(update={entry: (0.6, 0.35, 0.4)})
    path = saved(dataclasses.replace(tower, card=wrong), tmp_path, NAMES)
    stamp(path, entries(tower, "fp16"))  # and the metadata lies
    report = verify_package(path, tower, pictures=pictures)
    assert failed(report) == {"cosine to the network"}


def test_wrong_mean_in_the_metadata_is_caught(package: Path, tower: ImageTower) -> None:
    stamp(package, {"shelflens.mean": "[0.1, 0.2, 0.3]"})
    assert failed(verify_package(package, tower)) == {"metadata"}


def test_mean_and_std_left_out_of_the_graph_are_caught(
    tower: ImageTower, tmp_path: Path, pictures: list[Image]
) -> None:
    none = tower.card.model_copy(update={"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0)})
    path = saved(dataclasses.replace(tower, card=none), tmp_path, NAMES)
    stamp(path, entries(tower, "fp16"))  # as if they were baked in
    assert failed(verify_package(path, tower, pictures=pictures)) == {"cosine to the network"}


def test_swapped_channels_in_the_graph_are_caught(
    tower: ImageTower, tmp_path: Path, pictures: list[Image]
) -> None:
    path = saved(dataclasses.replace(tower, network=Swapped(tower.network).eval()), tmp_path, NAMES)
    report = verify_package(path, tower, pictures=pictures)
    assert failed(report) == {"cosine to the network"}


def test_swapped_channels_in_the_description_are_caught(
    package: Path, tower: ImageTower, pictures: list[Image]
) -> None:
    def to_bgr(spec: Any) -> None:
        image = spec.description.input[0].type.imageType
        image.colorSpace = image.ColorSpace.Value("BGR")

    rewrite(package, to_bgr)
    report = verify_package(package, tower, pictures=pictures)
    assert failed(report) >= {"input", "cosine to the network"}


def test_missing_l2_is_caught(
    tower: ImageTower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(towers, "unit", lambda vectors: vectors)
    report = verify_package(saved(tower, tmp_path, NAMES), tower)
    assert failed(report) == {"unit length"}  # the direction is right, so no other check helps


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_truncated_weights_are_caught(kept: float, package: Path, tower: ImageTower) -> None:
    weights = locate_model(package).parent / "weights" / "weight.bin"
    data = weights.read_bytes()
    weights.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(ModelError, match=r"weight file (that is cut short|of \d+ bytes, \d+ are)"):
        verify_package(package, tower)


def test_one_flipped_bit_in_the_weights_is_caught(package: Path, tower: ImageTower) -> None:
    weights = locate_model(package).parent / "weights" / "weight.bin"
    data = bytearray(weights.read_bytes())
    data[-200] ^= 1
    weights.write_bytes(bytes(data))
    assert failed(verify_package(package, tower)) == {"weights checksum"}


def test_edited_manifest_is_caught(package: Path, tower: ImageTower) -> None:
    path = package / "Manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for entry in manifest["itemInfoEntries"].values():
        entry["author"] = "somebody.else"
    path.write_text(json.dumps(manifest), "utf-8")
    assert failed(verify_package(package, tower)) == {"manifest checksum"}


def test_manifest_that_names_another_file_is_caught(package: Path, tower: ImageTower) -> None:
    path = package / "Manifest.json"
    path.write_text(path.read_text("utf-8").replace("model.mlmodel", "other.mlmodel"), "utf-8")
    with pytest.raises(ModelError, match="names missing files"):
        verify_package(package, tower)


@pytest.mark.parametrize("damage", ["empty", "no json", "gone"])
def test_damaged_manifest_is_caught(damage: str, package: Path, tower: ImageTower) -> None:
    path = package / "Manifest.json"
    if damage == "gone":
        path.unlink()
    else:
        path.write_text("" if damage == "empty" else "[1]", "utf-8")
    with pytest.raises(ModelError, match="no manifest that can be read"):
        verify_package(package, tower)


def test_damaged_program_is_caught(package: Path, tower: ImageTower) -> None:
    path = locate_model(package)
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(ModelError, match="cannot be read"):
        verify_package(package, tower)


def test_weights_of_another_network_are_caught(
    tower: ImageTower, tmp_path: Path, pictures: list[Image]
) -> None:
    other = Head().eval()
    with torch.no_grad():
        next(iter(other.layers[2].parameters())).mul_(0.6)
    path = saved(dataclasses.replace(tower, network=other), tmp_path, NAMES)
    assert "cosine to the network" in failed(verify_package(path, tower, pictures=pictures))


def test_export_below_the_bound_writes_nothing(
    tower: ImageTower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelError, match="is not what its network is"):
        export_tower(tower, tmp_path, NAMES, ExportOptions(bound=0.999999999))
    assert list(tmp_path.iterdir()) == []


def test_failed_export_keeps_the_package_that_was_there(package: Path, tower: ImageTower) -> None:
    before = sorted((p.name, p.stat().st_size) for p in package.rglob("*"))
    with pytest.raises(ModelError):
        export_tower(tower, package.parent, NAMES, ExportOptions(bound=0.999999999))
    assert sorted((p.name, p.stat().st_size) for p in package.rglob("*")) == before


def test_export_replaces_a_package_of_the_same_name(package: Path, tower: ImageTower) -> None:
    (package / "stray").write_text("old")
    report = export_tower(tower, package.parent, NAMES, ExportOptions())
    assert report.package == package
    assert not (package / "stray").exists()
    assert [path.name for path in package.parent.iterdir()] == [package.name]
