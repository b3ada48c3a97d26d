"""A tiny model folder, made with onnx alone: real graphs, no torch, milliseconds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from kiosk.vision.models import sha256_of

MakeModel = Callable[..., Path]


def tiny_graph(path: Path, *, side: int = 8, dimension: int = 12) -> None:
    """Average-pool to 2 x 2, flatten, keep the first `dimension` numbers."""
    pool = side // 2
    take = numpy_helper.from_array(np.eye(12, dimension, dtype=np.float32), "take")
    graph = helper.make_graph(
        [
            helper.make_node(
                "AveragePool", ["image"], ["p"], kernel_shape=[pool] * 2, strides=[pool] * 2
            ),
            helper.make_node("Flatten", ["p"], ["f"]),
            helper.make_node("MatMul", ["f", "take"], ["embedding"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 3, side, side])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", dimension])],
        [take],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save_model(model, str(path))


def words_graph(path: Path, *, length: int, dimension: int = 12) -> None:
    """A text tower: the numbers of an embedding table, averaged over `length` tokens."""
    table = np.random.default_rng(2).normal(size=(8, dimension)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "text"], ["rows"]),
            helper.make_node("ReduceMean", ["rows", "axis"], ["embedding"], keepdims=0),
        ],
        "words",
        [helper.make_tensor_value_info("text", TensorProto.INT64, ["batch", length])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", dimension])],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array([1], np.int64), "axis"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save_model(model, str(path))


def tiny_card(model_id: str = "tiny", **changes: Any) -> dict[str, Any]:
    return {
        "id": model_id,
        "title": "Tiny",
        "family": "test",
        "dimension": 12,
        "input": {"width": 8, "height": 8},
        "resize": "shortest",
        "crop": "center",
        "interpolation": "bilinear",
        "mean": [0.0, 0.0, 0.0],
        "std": [1.0, 1.0, 1.0],
        "colour": "rgb",
        "image": {"file": "image.onnx", "input": "image", "output": "embedding"},
        "text": None,
        "precision": "fp32",
        "parameters": 144,
        "licence": {"name": "MIT", "spdx": "MIT", "commercial_use": "yes", "url": ""},
        "source": {"name": "made here", "version": "1", "sha256": "0" * 64},
        "parity": {"cosine_min": 1.0, "images": 1},
        **changes,
    }


@pytest.fixture
def make_model(tmp_path: Path) -> MakeModel:
    """`make_model(id, **changes)` writes `models/<id>` and returns the root folder."""

    def make(model_id: str = "tiny", **changes: Any) -> Path:
        root = tmp_path / "models"
        folder = root / model_id
        folder.mkdir(parents=True)
        tiny_graph(folder / "image.onnx")
        card = tiny_card(model_id, **changes)
        card.setdefault("files", {"image.onnx": sha256_of(folder / "image.onnx")})
        (folder / "model.json").write_text(json.dumps(card))
        return root

    return make
