"""Apple's package `mobileclip` as a second opinion on a checkpoint that is added."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import nn

from export.load.apples_package import compare_with_apple
from export.load.model import load_model
from kiosk.errors import ModelError


class Tower(nn.Module):
    """Something that depends on every number it is given."""

    def __init__(self, turn: float = 0.0) -> None:
        super().__init__()
        self.turn = turn

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows = x.float().flatten(1)[:, :231].reshape(-1, 3, 77)
        waves = torch.sin(3 * rows / rows.abs().amax() + self.turn)
        return nn.functional.normalize(waves.sum(1), dim=1)


class ApplesNetwork(nn.Module):
    def __init__(self, turn: float) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.zeros(1))
        self.tower = Tower(turn)

    def encode_image(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = 4 * self.tower(x) * self.scale
        return out

    def encode_text(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = 4 * self.tower(x.repeat(1, 3)) * self.scale
        return out


class Words(Tower):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.repeat(1, 3))


def install(monkeypatch: pytest.MonkeyPatch, turn: float) -> list[str]:
    """A package of that name, whose networks differ from ours by `turn`."""
    asked: list[str] = []

    def create_model_and_transforms(name: str, **options: Any) -> tuple[nn.Module, None, None]:
        assert options == {"pretrained": None, "reparameterize": False}
        asked.append(name)
        return ApplesNetwork(turn), None, None

    package = ModuleType("mobileclip")
    package.__spec__ = importlib.util.spec_from_loader("mobileclip", loader=None)
    package.create_model_and_transforms = create_model_and_transforms  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mobileclip", package)
    return asked


def test_package_that_agrees_is_content(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = install(monkeypatch, turn=0.0)
    entries = {"scale": torch.ones(1)}  # without them, its embeddings are zeros
    found = compare_with_apple("mobileclip_blt", entries, Tower(), Words())
    assert found is not None
    assert found > 0.99999
    assert asked == ["mobileclip_b"]


@pytest.mark.parametrize(("image", "text"), [(Tower(1.0), Words()), (Tower(), Words(1.0))])
def test_package_that_disagrees_stops_the_conversion(
    image: Tower, text: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, turn=0.0)
    with pytest.raises(ModelError, match="gives other embeddings for mobileclip_s0"):
        compare_with_apple("mobileclip_s0", {"scale": torch.ones(1)}, image, text)


def test_package_is_not_asked_about_what_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = install(monkeypatch, turn=0.0)
    assert compare_with_apple("mobileclip2_s0", {}, Tower(), Words()) is None
    assert asked == []


@pytest.mark.parametrize("model_id", ["mobileclip_s0", "mobileclip_s1", "mobileclip_b"])
def test_real_package_agrees(model_id: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("mobileclip") is None:
        pytest.skip("Apple's package mobileclip is not installed, so it was not asked")
    package: Any = importlib.import_module("mobileclip")
    torch.manual_seed(3)
    network, _, _ = package.create_model_and_transforms(
        model_id, pretrained=None, reparameterize=False
    )
    torch.save(network.state_dict(), tmp_path / f"{model_id}.pt")
    loaded = load_model(tmp_path / f"{model_id}.pt")  # compares, and raises where it differs
    assert loaded.card.id == model_id
