"""An int8 twin: kept while it recalls as well, thrown away otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from kiosk.domain import Image
from kiosk.errors import ModelError
from kiosk.vision.encoders import Encoder, load_encoder
from kiosk.vision.models import find_model, quantise_model, sha256_of
from tests.vision.conftest import MakeModel

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def _convolution(path: Path) -> None:
    rng = np.random.default_rng(6)
    weight = rng.normal(0, 0.3, (12, 3, 3, 3)).astype(np.float16)
    graph = helper.make_graph(
        [
            helper.make_node("Cast", ["half"], ["weight"], to=TensorProto.FLOAT),
            helper.make_node("Conv", ["image", "weight"], ["c"], pads=[1, 1, 1, 1]),
            helper.make_node("Relu", ["c"], ["r"]),
            helper.make_node("GlobalAveragePool", ["r"], ["p"]),
            helper.make_node("Flatten", ["p"], ["embedding"]),
        ],
        "convolution",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 3, 8, 8])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", 12])],
        [numpy_helper.from_array(weight, "half")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save_model(model, str(path))


@pytest.fixture
def root(make_model: MakeModel) -> Path:
    root = make_model()
    path = root / "tiny" / "image.onnx"
    _convolution(path)
    card = json.loads((root / "tiny" / "model.json").read_text())
    card["files"] = {"image.onnx": sha256_of(path)}
    (root / "tiny" / "model.json").write_text(json.dumps(card))
    return root


def _pictures(count: int) -> list[Image]:
    rng = np.random.default_rng(8)
    tints = rng.integers(0, 255, (count, 1, 1, 3))
    noise = rng.integers(-30, 30, (count, 8, 8, 3))
    return list(np.clip(tints + noise, 0, 255).astype(np.uint8))


def test_twin_that_recalls_as_well_is_kept(root: Path) -> None:
    pictures = _pictures(20)
    original = load_encoder("tiny", roots=[root]).encode(pictures)

    def recall(encoder: Encoder) -> float:
        nearest = (encoder.encode(pictures) @ original.T).argmax(axis=1)
        return float(np.mean(nearest == np.arange(20)))

    result = quantise_model("tiny", pictures, recall, bound=0.1, root=root, roots=[root])
    assert result.recall_before == 1.0
    assert result.recall_after >= 0.9
    assert result.folder is not None
    twin = find_model("tiny_int8", roots=[root])
    assert twin.card.precision == "int8"
    assert twin.card.parity.cosine_min > 0.99
    kinds = {node.op_type for node in onnx.load(twin.file("image.onnx")).graph.node}
    assert {"QuantizeLinear", "DequantizeLinear"} <= kinds
    assert twin.card.fingerprint != find_model("tiny", roots=[root]).card.fingerprint


def test_twin_that_recalls_worse_is_thrown_away(root: Path) -> None:
    shares = iter([0.9, 0.85])
    result = quantise_model(
        "tiny", _pictures(8), lambda _encoder: next(shares), bound=0.02, root=root, roots=[root]
    )
    assert result.folder is None
    assert (result.recall_before, result.recall_after) == (0.9, 0.85)
    assert not (root / "tiny_int8").exists()


def test_too_few_pictures_are_refused(root: Path) -> None:
    with pytest.raises(ModelError, match="at least 8 pictures"):
        quantise_model("tiny", _pictures(3), lambda _encoder: 1.0, root=root, roots=[root])


def test_twin_of_a_twin_is_refused(root: Path) -> None:
    quantise_model("tiny", _pictures(8), lambda _encoder: 1.0, root=root, roots=[root])
    with pytest.raises(ModelError, match="int8 already"):
        quantise_model("tiny_int8", _pictures(8), lambda _encoder: 1.0, root=root, roots=[root])
