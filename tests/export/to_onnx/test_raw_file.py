"""ONNX files take raw pixels, carry their description, and are proven before they are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from torch import nn
from typer.testing import CliRunner

from export import towers as loading
from export.commands import app
from export.to_onnx import graph
from export.to_onnx.graph import OPSET
from export.to_onnx.raw_file import OnnxFile, export_file
from export.towers import ImageTower, TextTower
from export.verify import reference
from kiosk.domain import Image
from kiosk.errors import ModelError
from tests.export.to_coreml.conftest import noise, pictures, small_tower
from tests.export.to_coreml.test_commands import Picture, Words, tokenize

__all__ = ["pictures", "small_tower"]


@pytest.fixture(scope="module")
def towers(small_tower: Callable[[nn.Module], ImageTower]) -> tuple[ImageTower, TextTower]:
    image = small_tower(Picture().eval())
    return image, TextTower(Words().eval(), image.card, 20, tokenize, '{"model": {}}')


@pytest.fixture(scope="module")
def full(
    towers: tuple[ImageTower, TextTower], tmp_path_factory: pytest.TempPathFactory
) -> OnnxFile:
    return export_file(towers[0], tmp_path_factory.mktemp("full"), "eye", half_weights=False)


@pytest.fixture(scope="module")
def half(
    towers: tuple[ImageTower, TextTower], tmp_path_factory: pytest.TempPathFactory
) -> OnnxFile:
    return export_file(towers[0], tmp_path_factory.mktemp("half"), "eye", half_weights=True)


@pytest.mark.parametrize("weights", ["full", "half"])
def test_file_gives_the_networks_embeddings_from_raw_pixels(
    weights: str,
    towers: tuple[ImageTower, TextTower],
    request: pytest.FixtureRequest,
    pictures: list[Image],
) -> None:
    made: OnnxFile = request.getfixturevalue(weights)
    assert made.path.name == "eye.onnx"
    assert [path.name for path in made.path.parent.iterdir()] == ["eye.onnx"]
    fitted = reference.fit_pictures([*pictures, noise(3)], towers[0].card)
    given = np.stack(fitted).transpose(0, 3, 1, 2).astype(np.float32)
    session = ort.InferenceSession(str(made.path), providers=["CPUExecutionProvider"])
    ours = session.run(None, {"image": given})[0]
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert np.sum(ours * reference.embed_pictures(towers[0], fitted), axis=1).min() > 0.9999


def test_file_says_what_it_is(full: OnnxFile) -> None:
    model = onnx.load(str(full.path))
    told = {entry.key: entry.value for entry in model.metadata_props}
    assert told["shelflens.model"] == "small"
    assert told["shelflens.opset"] == str(OPSET) == str(model.opset_import[0].version)
    assert told["license"].startswith("MIT License")
    assert float(told["shelflens.parity_cosine_min"]) > 0.9999


def test_file_that_drifts_is_not_kept(
    towers: tuple[ImageTower, TextTower], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "COSINE_MIN", 1.1)
    with pytest.raises(ModelError, match=r"eye\.onnx is not what its network is"):
        export_file(towers[0], tmp_path, "eye", half_weights=False)
    assert list(tmp_path.iterdir()) == []


def test_command_writes_both_towers_and_the_tokenizer(
    towers: tuple[ImageTower, TextTower], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "load_towers", lambda *_, **__: towers)
    done = CliRunner().invoke(app, ["onnx", "small", "--out", str(tmp_path), "--random-weights"])
    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["small_image.onnx", "small_text.onnx", "tokenizer.json"]
    assert f"opset {OPSET}" in done.output
