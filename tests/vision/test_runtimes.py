"""Runtimes: the same numbers from each, one chosen, missing ones named."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.errors import ModelError
from kiosk.inference import automatic_threads
from kiosk.vision.encoders import load_encoder, open_graph, runtimes
from kiosk.vision.encoders.runtimes import choose_runtime, installed_runtimes, remember_runtime
from kiosk.vision.models import SHIPPED
from tests.vision.conftest import MakeModel


def test_plain_runtime_is_always_there_and_first() -> None:
    assert installed_runtimes()[0] == "onnxruntime"


def test_openvino_gives_the_same_vectors_where_it_is_installed(make_model: MakeModel) -> None:
    pytest.importorskip("openvino", reason="the extra openvino is not installed")
    root = make_model()
    picture = np.random.default_rng(1).integers(0, 255, (30, 20, 3), dtype=np.uint8)
    plain = load_encoder("tiny", runtime="onnxruntime", roots=[root]).encode([picture] * 3)
    other = load_encoder("tiny", runtime="openvino", roots=[root]).encode([picture] * 3)
    assert np.sum(plain * other, axis=1).min() > 0.999


@pytest.mark.parametrize("model", SHIPPED)
def test_runtimes_agree_on_the_vectors_of_a_shipped_model(model: str) -> None:
    """A vector is stored under the model's fingerprint, whatever runtime made it."""
    pytest.importorskip("openvino", reason="the extra openvino is not installed")
    picture = np.random.default_rng(2).integers(0, 255, (480, 360, 3), dtype=np.uint8)
    smooth = cv2.GaussianBlur(picture, (0, 0), 9).astype(np.uint8)
    plain, other = (
        load_encoder(model, runtime=runtime).encode([picture, smooth])
        for runtime in ("onnxruntime", "openvino")
    )
    assert np.abs(plain - other).max() < 1e-3


def test_missing_runtime_is_named_with_those_that_are_there(make_model: MakeModel) -> None:
    path = make_model() / "tiny" / "image.onnx"
    with pytest.raises(ModelError, match=r"'coreml' is not installed; here are: onnxruntime"):
        open_graph(path, runtime="coreml")


def test_automatic_is_plain_until_something_else_was_measured(tmp_path: Path) -> None:
    assert choose_runtime("tiny", root=tmp_path) == "onnxruntime"


def test_automatic_follows_what_was_measured_for_this_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtimes, "installed_runtimes", lambda: ["onnxruntime", "openvino"])
    remember_runtime("tiny", "openvino", root=tmp_path)
    assert choose_runtime("tiny", root=tmp_path) == "openvino"
    assert choose_runtime("other", root=tmp_path) == "onnxruntime"
    monkeypatch.setattr(runtimes, "installed_runtimes", lambda: ["onnxruntime"])
    assert choose_runtime("tiny", root=tmp_path) == "onnxruntime"


def test_cuda_comes_first_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtimes, "installed_runtimes", lambda: ["onnxruntime", "cuda"])
    assert choose_runtime("tiny", root=tmp_path) == "cuda"


def test_damaged_record_of_measurements_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "runtimes.json").write_text("{broken")
    assert choose_runtime("tiny", root=tmp_path) == "onnxruntime"


def test_threads_are_bounded() -> None:
    assert 1 <= automatic_threads() <= 4
