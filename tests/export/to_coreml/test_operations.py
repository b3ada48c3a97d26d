"""Each operation of a converted program gives what torch gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from export.to_coreml.tools import coremltools, quiet
from export.verify import operations
from export.verify.interpreter import TorchProgram
from export.verify.program import read_program
from kiosk.errors import ModelError


class Lambda(nn.Module):
    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x)


class Several(nn.Module):
    """Several networks on one input: one program is converted in the time of each."""

    def __init__(self, networks: Iterable[nn.Module]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        return tuple(network(x) for network in self.networks)


def program_of(
    network: nn.Module, shape: tuple[int, ...], folder: Path, target: str, outputs: int = 1
) -> TorchProgram:
    """Convert in single precision, save, and read back from disk."""
    ct = coremltools()
    with quiet(), torch.no_grad():
        traced = torch.jit.trace(network.eval(), torch.rand(shape), check_trace=False)
        model = ct.convert(
            traced,
            inputs=[ct.TensorType("x", shape=shape)],
            outputs=[ct.TensorType(f"y{number}") for number in range(outputs)],
            minimum_deployment_target=getattr(ct.target, target),
            compute_precision=ct.precision.FLOAT32,
            skip_model_load=True,
        )
        model.save(str(folder / "one.mlpackage"))
    return TorchProgram(read_program(folder / "one.mlpackage")[1])


def given(shape: tuple[int, ...]) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(3)) * 2 - 0.7


def run_all(
    networks: dict[str, nn.Module], shape: tuple[int, ...], folder: Path
) -> dict[str, Tensor]:
    """What the networks' one program gives, by their names."""
    torch.manual_seed(5)
    program = program_of(Several(networks.values()), shape, folder, "iOS16", len(networks))
    found = program.run({"x": given(shape)})
    return {name: found[f"y{number}"] for number, name in enumerate(networks)}


def check(network: nn.Module, shape: tuple[int, ...], got: Tensor) -> None:
    with torch.no_grad():
        wanted = network.eval()(given(shape))
    assert got.shape == wanted.shape
    np.testing.assert_allclose(got.numpy(), wanted.float().numpy(), rtol=1e-4, atol=2e-5)


PICTURE = (1, 8, 11, 9)
ON_PICTURES: dict[str, nn.Module] = {
    "conv strided, padded, dilated": nn.Conv2d(8, 6, 3, 2, padding=2, dilation=2),
    "conv uneven padding": nn.Sequential(nn.ZeroPad2d((0, 1, 2, 1)), nn.Conv2d(8, 4, 3, 2)),
    "conv grouped without bias": nn.Conv2d(8, 16, 3, groups=4, bias=False),
    "conv depthwise and norm": nn.Sequential(nn.Conv2d(8, 8, 3, groups=8), nn.BatchNorm2d(8)),
    "batch norm": nn.BatchNorm2d(8),
    "max pool": nn.MaxPool2d(3, 2, padding=1),
    "average pool": nn.AvgPool2d(3, 2, padding=1),
    "average pool without padding": nn.AvgPool2d(3, 2, padding=1, count_include_pad=False),
    "global pool": nn.AdaptiveAvgPool2d(1),
    "constant padding": nn.ConstantPad2d((1, 0, 2, 1), 0.3),
    "crop": Lambda(lambda x: x[:, :, 2:9, 1:-1]),
    "strided": Lambda(lambda x: x[:, 1::2, ::3]),
    "one channel": Lambda(lambda x: x[:, 3]),
    "flip": Lambda(lambda x: x.flip(3)),
    "channels last": Lambda(lambda x: x.permute(0, 2, 3, 1).reshape(1, 99, 8)),
}


@pytest.fixture(scope="module")
def from_pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tensor]:
    return run_all(ON_PICTURES, PICTURE, tmp_path_factory.mktemp("pictures"))


@pytest.mark.parametrize("name", ON_PICTURES)
def test_operation_on_pictures_gives_what_torch_gives(
    name: str, from_pictures: dict[str, Tensor]
) -> None:
    check(ON_PICTURES[name], PICTURE, from_pictures[name])


ROWS = (2, 5, 12)
MATRIX = torch.linspace(-1, 1, 60).reshape(5, 12)
ON_ROWS: dict[str, nn.Module] = {
    "linear": nn.Linear(12, 7),
    "layer norm": nn.LayerNorm(12),
    "layer norm without weights": nn.LayerNorm(12, elementwise_affine=False),
    "gelu": nn.GELU(),
    "gelu by tanh": nn.GELU(approximate="tanh"),
    "quick gelu": Lambda(lambda x: x * torch.sigmoid(1.702 * x)),
    "silu": nn.SiLU(),
    "hard swish": nn.Hardswish(),
    "softmax": nn.Softmax(dim=1),
    "clamp": Lambda(lambda x: x.clamp(-0.2, 0.6)),
    "square root": Lambda(lambda x: (x * x + 0.1).sqrt()),
    "absolute": Lambda(lambda x: x.abs()),
    "largest of two": Lambda(lambda x: torch.maximum(x, 0.3 - x) - torch.minimum(x, x * x)),
    "choose": Lambda(lambda x: torch.where(x >= 0.2, x, -x)),
    "reductions": Lambda(lambda x: torch.stack([x.sum(-1), x.mean(-1)], dim=-1)),
    "norm": Lambda(lambda x: functional.normalize(x, dim=-1)),
    "position of the largest": Lambda(lambda x: x.argmax(-1).float()),
    "concatenation": Lambda(lambda x: torch.cat([x, x * 2], 1)),
    "stack": Lambda(lambda x: torch.stack([x, -x], 2)),
    "split": Lambda(lambda x: torch.cat(x.split([5, 4, 3], -1)[::-1], -1)),
    "chunks": Lambda(lambda x: x.chunk(3, -1)[1] * x.chunk(3, -1)[2]),
    "tile": Lambda(lambda x: x.repeat(1, 2, 3)),
    "expand": Lambda(lambda x: x[:, :1].expand(-1, 4, -1) * 1.5),
    "gather": Lambda(lambda x: x[:, torch.tensor([3, 0, 4])]),
    "matrix product": Lambda(lambda x: x @ MATRIX.T @ MATRIX),
    "squeeze": Lambda(lambda x: x.unsqueeze(1).unsqueeze(-1).squeeze(1) + 1),
    "lower triangle": Lambda(lambda x: x + torch.full((5, 5), -1e4).triu(1).sum(-1, keepdim=True)),
}


@pytest.fixture(scope="module")
def from_rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tensor]:
    return run_all(ON_ROWS, ROWS, tmp_path_factory.mktemp("rows"))


@pytest.mark.parametrize("name", ON_ROWS)
def test_operation_on_rows_gives_what_torch_gives(name: str, from_rows: dict[str, Tensor]) -> None:
    check(ON_ROWS[name], ROWS, from_rows[name])


def test_fused_attention_of_ios18_gives_what_torch_gives(tmp_path: Path) -> None:
    network = Lambda(lambda x: functional.scaled_dot_product_attention(x, x * 0.5, x + 1))
    shape = (1, 2, 6, 8)
    program = program_of(network, shape, tmp_path, "iOS18")
    check(network, shape, program.run({"x": given(shape)})["y0"])
    assert "scaled_dot_product_attention" in program.operations


def test_unknown_operation_is_an_error_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[str, Any] = {k: v for k, v in operations.OPERATIONS.items() if k != "softmax"}
    monkeypatch.setattr("export.verify.interpreter.OPERATIONS", known)
    with pytest.raises(ModelError, match="'softmax'"):
        program_of(nn.Softmax(dim=-1), ROWS, tmp_path, "iOS16")


def test_overflow_names_the_operation_where_it_begins(tmp_path: Path) -> None:
    network = Lambda(lambda x: ((x * 1e30) * (x * 1e30)).mean(-1).sqrt())
    program = program_of(network, ROWS, tmp_path, "iOS16")
    with pytest.raises(ModelError, match=r"mul .* not finite in single precision"):
        program.run({"x": torch.ones(ROWS)})
