"""PyTorch modules to ONNX files, batch axis free, weights optionally stored in half precision."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from export.load import torch_setup as _torch_setup  # noqa: F401 - must come first
from export.parity import COSINE_MIN, NORM_TOLERANCE, Comparison, compare
from kiosk.domain import Vectors
from kiosk.errors import ModelError
from kiosk.vision.encoders import open_graph

OPSET = 18  # what torch's exporter writes itself; others go through a converter
_OUTPUT = "output_of_the_network"  # a name that no value inside has
_LARGE = 256  # numbers; chosen: biases and norms keep full precision, they cost nothing


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


def check_parity(graph: Path, samples: torch.Tensor, wanted: Vectors) -> Comparison:
    """Run `samples` (n, ...) through the graph, one by one and as a batch.

    `wanted` are the network's own embeddings of them, float32 (n, dimension), norm 1.

    Raises:
        ModelError: a cosine is below `COSINE_MIN`, or a length is not 1.
    """
    opened = open_graph(graph, runtime="onnxruntime")
    names = {"input_name": next(iter(opened.inputs)), "output_name": next(iter(opened.outputs))}
    single = [opened.run(sample[None].numpy(), **names) for sample in samples]
    batch = opened.run(samples.numpy(), **names)
    found = min(
        (compare(vectors, wanted) for vectors in (np.concatenate(single), batch)),
        key=lambda comparison: comparison.cosine_min,
    )
    if not (found.cosine_min >= COSINE_MIN and found.norm_error < NORM_TOLERANCE):
        raise ModelError(
            f"{graph.name} is not what its network is: cosine {found.cosine_min:.6f}, at least "
            f"{COSINE_MIN} is wanted; lengths differ from 1 by {found.norm_error:.1e}.",
            next_step="Report it with the versions of torch and onnxruntime.",
        )
    return found


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
