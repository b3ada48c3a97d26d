"""PyTorch modules to ONNX files, batch axis free, weights optionally stored in half precision."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from export import torch_setup as _torch_setup  # noqa: F401 - must come first

OPSET = 18
_OUTPUT = "output_of_the_network"  # a name that no value inside has
_LARGE = 256  # smaller weights (biases, norms) keep full precision: they cost nothing


def export_onnx(
    network: torch.nn.Module,
    sample: torch.Tensor,
    path: Path,
    *,
    input_name: str,
    output_name: str = "embedding",
    half_weights: bool = False,
) -> None:
    """Write `network` as ONNX. `sample` is (2, ...): one input with batch size 2."""
    network.eval()
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations
        program = torch.onnx.export(
            network,
            (sample,),
            input_names=[input_name],
            output_names=[_OUTPUT],
            dynamic_shapes=({0: torch.export.Dim("batch", min=1, max=4096)},),
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    assert program is not None
    model = program.model_proto
    _rename(model, {output_name: f"{output_name}_inside", _OUTPUT: output_name})
    if half_weights:
        store_half_precision(model)
    _strip(model)
    onnx.checker.check_model(model)
    onnx.save_model(model, str(path))


def store_half_precision(model: onnx.ModelProto) -> None:
    """Store large float32 weights as float16 with a cast; computing stays float32."""
    casts = []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < _LARGE:
            continue
        name = weight.name
        stored = numpy_helper.from_array(values.astype(np.float16), name + "_half")
        weight.CopyFrom(stored)
        casts.append(helper.make_node("Cast", [name + "_half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(casts + nodes)


def _rename(model: onnx.ModelProto, names: dict[str, str]) -> None:
    """Rename values. An inner value may already have the wanted name of the output."""
    for node in model.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    for value in (*model.graph.output, *model.graph.initializer):
        value.name = names.get(value.name, value.name)


def _strip(model: onnx.ModelProto) -> None:
    """Drop what names the machine's source files and grows the graph."""
    model.producer_version = ""
    model.doc_string = ""
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    del model.graph.value_info[:]
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
