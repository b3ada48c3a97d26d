"""`python -m export coreml`, `verify` and `report`, as a person types them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from typer.testing import CliRunner, Result

from export import towers as loading
from export.commands import app
from export.to_coreml import description, package as packaging
from export.to_coreml.convert import convert
from export.to_coreml.options import Target, TowerNames
from export.towers import ImageTower, TextTower, Tokens, Tower
from export.verify.program import locate_model, read_package
from kiosk.catalog import CatalogStore
from kiosk.domain import Price, Product
from kiosk.errors import ConfigError, ModelError
from kiosk.pictures import encode_jpeg
from tests.export.to_coreml.conftest import noise


class Words(nn.Module):
    """A text tower of one embedding table."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(6)
        self.table = nn.Embedding(300, 24)
        self.mix = nn.Linear(24, 24)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.mix(self.table(tokens)).mean(1)
        return result


class Picture(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(5)
        self.layers = nn.Sequential(
            nn.Conv2d(3, 64, 5, 4), nn.GELU(), nn.Conv2d(64, 64, 3, 2), nn.GELU()
        )
        self.head = nn.Linear(64, 24)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.head(self.layers(x).mean((2, 3)))
        return result


def tokenize(texts: list[str]) -> Tokens:
    rows = [([1, *text.encode(), 2] + [0] * 20)[:20] for text in texts]
    return np.array(rows, np.int32)


@pytest.fixture(scope="module")
def towers(small_tower: Callable[[nn.Module], ImageTower]) -> tuple[ImageTower, TextTower]:
    image = small_tower(Picture().eval())
    return image, TextTower(Words().eval(), image.card, 20, tokenize, "{}")


@pytest.fixture(scope="module", autouse=True)
def _converted_once() -> Iterator[None]:
    """The same tower with the same names and target is converted once."""
    models: dict[Any, Any] = {}

    def once(tower: Tower, names: TowerNames, target: Target) -> Any:
        key = (id(tower), names.input, names.output, target)
        if key not in models:
            models[key] = convert(tower, names, target)
        return models[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packaging, "convert", once)
        yield


@pytest.fixture
def invoke(
    towers: tuple[ImageTower, TextTower], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    asked: list[object] = []

    def load(
        model: str | Path, *, as_id: str | None, random_weights: bool
    ) -> tuple[ImageTower, TextTower]:
        asked.append((model, as_id, random_weights))
        return towers

    monkeypatch.setattr(loading, "load_towers", load)

    def call(*words: object) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


def test_one_command_gives_proven_packages_and_says_where_to_drop_them(
    invoke: Callable[..., Result], tmp_path: Path
) -> None:
    done = invoke("coreml", "mobileclip_s0", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["mobileclip_s0_image.mlpackage", "mobileclip_s0_text.mlpackage"]
    assert "Xcode" in done.output
    assert "Cosine at least" in done.output
    checked = invoke("verify", tmp_path / "mobileclip_s0_text.mlpackage", "--json")
    assert checked.exit_code == 0, checked.output
    report = json.loads(checked.stdout)
    assert report["passed"] is True
    assert report["tower"] == "text"
    assert report["cosine_min"] > 0.9999


def test_names_and_towers_can_be_chosen(invoke: Callable[..., Result], tmp_path: Path) -> None:
    done = invoke(
        *("coreml", "small", "--out", tmp_path, "--towers", "image", "--image-name", "Eye"),
        *("--image-input", "pixels", "--output", "vector", "--target", "iOS18"),
    )
    assert done.exit_code == 0, done.output
    (package,) = tmp_path.iterdir()
    assert package.name == "Eye.mlpackage"
    found = read_package(package)
    assert (found.input.name, found.output) == ("pixels", "vector")


@pytest.mark.parametrize("precision", ["int8", "palette6", "palette4"])
def test_compressed_packages_are_smaller_and_verified(
    precision: str, invoke: Callable[..., Result], tmp_path: Path
) -> None:
    invoke("coreml", "small", "--out", tmp_path, "--towers", "image", "--image-name", "full")
    done = invoke(
        *("coreml", "small", "--out", tmp_path, "--towers", "image"),
        *("--precision", precision, "--bound", "0.9"),
    )
    assert done.exit_code == 0, done.output
    sizes = {path.name: weights(path) for path in tmp_path.iterdir()}
    assert sizes["small_image.mlpackage"] < 0.75 * sizes["full.mlpackage"]


def test_layers_that_8_bits_harm_stay_half_floats(
    towers: tuple[ImageTower, TextTower], invoke: Callable[..., Result], tmp_path: Path
) -> None:
    options = ("--out", tmp_path, "--towers", "image", "--precision", "int8")
    plain = invoke("coreml", "small", *options, "--image-name", "all", "--bound", "0.99")
    lost = (
        1 - json.loads(invoke("verify", tmp_path / "all.mlpackage", "--json").stdout)["cosine_min"]
    )
    bound = 1 - 0.6 * lost
    mixed = invoke("coreml", "small", *options, "--image-name", "some", "--bound", bound)
    assert (plain.exit_code, mixed.exit_code) == (0, 0), mixed.output
    kept = read_package(tmp_path / "some.mlpackage").metadata["shelflens.half_layers"]
    assert int(kept) >= 1
    assert "shelflens.half_layers" not in read_package(tmp_path / "all.mlpackage").metadata
    assert weights(tmp_path / "all.mlpackage") < weights(tmp_path / "some.mlpackage")
    found = json.loads(invoke("verify", tmp_path / "some.mlpackage", "--json").stdout)
    assert found["cosine_min"] >= bound


def weights(package: Path) -> int:
    return (locate_model(package).parent / "weights" / "weight.bin").stat().st_size


def test_pictures_of_a_folder_are_compared(invoke: Callable[..., Result], tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(encode_jpeg(noise(number)))
    options = ("--towers", "image", "--pictures", folder)
    done = invoke("coreml", "small", "--out", tmp_path / "out", *options)
    assert done.exit_code == 0, done.output
    assert "3 samples" in done.output


def test_catalogue_is_compared_photo_by_photo(
    invoke: Callable[..., Result], tmp_path: Path
) -> None:
    store = CatalogStore.open(str(tmp_path / "db"))
    for number in range(3):
        store.put_product(Product(f"P{number}", f"Thing {number}", Price(100, "EUR")))
        for view in range(2):
            ramp = np.linspace(0, 90 * number + 60, 50)[None, :, None]
            store.add_photo(f"P{number}", (noise(view) * 0.2 + ramp).clip(0, 255).astype(np.uint8))
    store.close()
    out = tmp_path / "out"
    done = invoke("coreml", "small", "--out", out, "--towers", "image", "--db", tmp_path / "db")
    assert done.exit_code == 0, done.output
    package = out / "small_image.mlpackage"
    checked = invoke("verify", package, "--db", tmp_path / "db", "--json")
    found = json.loads(checked.stdout)
    assert found["top1_agreement"] == 1.0
    assert "6 of 6 pictures" in str(found["checks"])


def test_empty_catalogue_is_refused(invoke: Callable[..., Result], tmp_path: Path) -> None:
    CatalogStore.open(str(tmp_path / "db")).close()
    done = invoke("coreml", "small", "--out", tmp_path / "out", "--db", tmp_path / "db")
    assert isinstance(done.exception, ConfigError)
    assert "has no photos" in str(done.exception)


def test_damaged_package_fails_with_status_one(
    invoke: Callable[..., Result], tmp_path: Path
) -> None:
    invoke("coreml", "small", "--out", tmp_path, "--towers", "image")
    package = tmp_path / "small_image.mlpackage"
    description.stamp(package, {"shelflens.std": "[1, 1, 1]"})
    done = invoke("verify", package)
    assert done.exit_code == 1
    assert "wrong" in done.output


def test_unknown_tower_is_refused(invoke: Callable[..., Result], tmp_path: Path) -> None:
    done = invoke("coreml", "small", "--out", tmp_path, "--towers", "sound")
    assert isinstance(done.exception, ConfigError)
    assert "image, text, or both" in str(done.exception)


def test_model_without_words_has_no_text_tower(
    towers: tuple[ImageTower, TextTower], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(loading, "load_towers", lambda *_, **__: (towers[0], None))
    words = ["coreml", "small", "--out", str(tmp_path)]
    refused = CliRunner().invoke(app, [*words, "--towers", "text"])
    assert isinstance(refused.exception, ModelError)
    assert "no text tower" in str(refused.exception)
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert [path.name for path in tmp_path.iterdir()] == ["small_image.mlpackage"]


def test_report_is_marked_as_an_estimate(invoke: Callable[..., Result], tmp_path: Path) -> None:
    invoke("coreml", "small", "--out", tmp_path, "--towers", "image")
    done = invoke("report", tmp_path / "small_image.mlpackage")
    assert "estimates, not measurements" in done.output
    as_json = invoke("report", tmp_path / "small_image.mlpackage", "--json")
    (found,) = json.loads(as_json.stdout)
    # 64 x 48 pixels: 15 x 11 places of 5 x 5 x 3 x 64, then 7 x 5 places of 3 x 3 x 64 x 64
    wanted = 15 * 11 * 25 * 3 * 64 + 7 * 5 * 9 * 64 * 64 + 64 * 24
    assert found["multiplications"] == wanted
    assert found["milliseconds_is"] == "an estimate"
