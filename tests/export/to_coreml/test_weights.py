"""Compressed weights read back as the numbers that coremltools stored."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as arrays
from torch import nn

from export.to_coreml.tools import coremltools, quiet
from export.verify import weights
from export.verify.interpreter import TorchProgram
from export.verify.program import read_package


@cache
def converted(target: str) -> tuple[nn.Module, Any]:
    """A small network in torch, and as coremltools' model."""
    torch.manual_seed(2)
    network = nn.Sequential(nn.Conv2d(3, 64, 3), nn.ReLU(), nn.Conv2d(64, 32, 3)).eval()
    ct = coremltools()
    with quiet(), torch.no_grad():
        traced = torch.jit.trace(network, torch.rand(1, 3, 12, 12), check_trace=False)
        model = ct.convert(
            traced,
            inputs=[ct.TensorType("x", shape=(1, 3, 12, 12))],
            minimum_deployment_target=getattr(ct.target, target),
            compute_precision=ct.precision.FLOAT32,
            skip_model_load=True,
        )
    return network, model


def compressed(folder: Path, target: str, how: str) -> tuple[nn.Module, Any]:
    """A small network in torch, and its compressed package as read from disk."""
    network, model = converted(target)
    optimize = coremltools().optimize.coreml
    options: dict[str, Any] = {
        "int8": lambda: optimize.OpLinearQuantizerConfig(
            mode="linear_symmetric", weight_threshold=0
        ),
        "uint8": lambda: optimize.OpLinearQuantizerConfig(mode="linear", weight_threshold=0),
        "int4 blocks": lambda: optimize.OpLinearQuantizerConfig(
            mode="linear", dtype="int4", granularity="per_block", block_size=8, weight_threshold=0
        ),
        "palette": lambda: optimize.OpPalettizerConfig(mode="uniform", nbits=6, weight_threshold=0),
        "palettes of groups": lambda: optimize.OpPalettizerConfig(
            mode="uniform",
            nbits=4,
            granularity="per_grouped_channel",
            group_size=16,
            weight_threshold=0,
        ),
    }
    with quiet():
        config = optimize.OptimizationConfig(global_config=options[how]())
        compress = (
            optimize.palettize_weights if "palette" in how else optimize.linear_quantize_weights
        )
        compress(model, config).save(str(folder / "small.mlpackage"))
    return network, read_package(folder / "small.mlpackage").program


@pytest.mark.parametrize(
    ("target", "how"),
    [
        ("iOS16", "int8"),
        ("iOS16", "uint8"),
        ("iOS16", "palette"),
        ("iOS18", "int8"),
        ("iOS18", "int4 blocks"),
        ("iOS18", "palette"),
        ("iOS18", "palettes of groups"),
    ],
)
def test_weights_are_those_that_were_stored(target: str, how: str, tmp_path: Path) -> None:
    network, program = compressed(tmp_path, target, how)
    kinds = [
        op for op in program.functions["main"].operations if op.op_type.startswith("constexpr")
    ]
    assert kinds
    for operation in kinds:
        inputs = {k: np.asarray(v.val) for k, v in operation.inputs.items() if v is not None}
        ours = weights.DECOMPRESS[operation.op_type](inputs)
        np.testing.assert_allclose(ours, operation.materialized_val_inference(), rtol=1e-6)
    x = torch.rand(1, 3, 12, 12)
    (got,) = TorchProgram(program).run({"x": x}).values()
    with torch.no_grad():
        wanted = network(x)
    assert 1e-6 < float((got - wanted).abs().max()) < 0.2  # compressed, yet the same network


@given(
    bits=st.sampled_from([1, 2, 4, 6, 8]),
    shape=arrays.array_shapes(min_dims=1, max_dims=4, max_side=5),
    seed=st.integers(0, 1000),
)
@settings(max_examples=60, deadline=None)
def test_packed_palette_undoes_its_packing(bits: int, shape: tuple[int, ...], seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.normal(size=2**bits).astype(np.float16)
    chosen = rng.integers(0, 2**bits, size=shape)
    stream = ((chosen.reshape(-1, 1) >> np.arange(bits)) & 1).astype(np.uint8)
    packed = np.packbits(stream.reshape(-1), bitorder="little")
    got = weights.DECOMPRESS["constexpr_lut_to_dense"](
        {"lut": table, "indices": packed, "shape": np.array(shape)}
    )
    np.testing.assert_array_equal(got, table[chosen])
