"""Write the graph of `colour_grid`, and its checksum into the model's card. Needs onnx."""

import hashlib
import json
from pathlib import Path

import onnx
from onnx import TensorProto, helper

FOLDER = Path(__file__).parent / "shelflens_colours" / "models" / "colour_grid"

graph = helper.make_graph(
    [
        helper.make_node("AveragePool", ["image"], ["p"], kernel_shape=[16, 16], strides=[16, 16]),
        helper.make_node("Flatten", ["p"], ["embedding"]),
    ],
    "colour_grid",
    [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 3, 64, 64])],
    [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", 48])],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
onnx.save_model(model, str(FOLDER / "image.onnx"))
digest = hashlib.sha256((FOLDER / "image.onnx").read_bytes()).hexdigest()
card = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
card["files"] = {"image.onnx": digest}
(FOLDER / "model.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
