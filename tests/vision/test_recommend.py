"""The choice respects licence and budget, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.vision.encoders.runtimes import choose_runtime
from kiosk.vision.models import ModelFolder, recommend, recommend_model
from kiosk.vision.models.recommend import Measured, measure
from tests.vision.conftest import MakeModel

RESEARCH = {"name": "Research only", "spdx": "X", "commercial_use": "no", "url": ""}


@pytest.fixture
def root(make_model: MakeModel, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three models whose times are given: small 5 ms, large 60 ms, huge 400 ms."""
    root = make_model("small", parameters=1_000_000)
    make_model("large", parameters=50_000_000)
    make_model("huge", parameters=300_000_000)
    make_model("apple", parameters=90_000_000, licence=RESEARCH)
    times = {"small": 5.0, "large": 60.0, "huge": 400.0, "apple": 20.0}

    def given(folder: ModelFolder, runtime: str) -> Measured:
        faster = 0.5 if runtime == "openvino" and folder.card.id == "large" else 1.0
        return Measured(folder, runtime, times[folder.card.id] * faster)

    monkeypatch.setattr(recommend, "measure", given)
    monkeypatch.setattr(recommend, "installed_runtimes", lambda: ["onnxruntime", "openvino"])
    return root


def test_largest_model_within_budget_that_a_shop_may_use_is_chosen(root: Path) -> None:
    result = recommend_model(roots=[root], root=root, budget_ms=100)
    assert result.best is not None
    assert result.best.folder.card.id == "large"
    assert any("not free for shops" in reason for reason in result.reasons)
    assert any("slower than 100 ms" in reason for reason in result.reasons)
    assert any("chosen" in reason for reason in result.reasons)


def test_research_may_use_everything(root: Path) -> None:
    result = recommend_model(roots=[root], root=root, budget_ms=100, research=True)
    assert result.best is not None
    assert result.best.folder.card.id == "apple"


def test_no_model_within_budget_is_said_and_not_hidden(root: Path) -> None:
    result = recommend_model(roots=[root], root=root, budget_ms=1)
    assert result.best is None
    assert len(result.measured) == 4


def test_clearly_faster_runtime_is_remembered(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "kiosk.vision.encoders.runtimes.installed_runtimes", lambda: ["onnxruntime", "openvino"]
    )
    (change,) = recommend_model(roots=[root], root=root).changes
    assert change.startswith("large runs with openvino")
    assert recommend_model(roots=[root], root=root).changes == ()
    assert choose_runtime("large", root=root) == "openvino"
    assert choose_runtime("small", root=root) == "onnxruntime"


def test_real_measurement_takes_some_time(make_model: MakeModel) -> None:
    from kiosk.vision.models import find_model

    found = measure(find_model("tiny", roots=[make_model()]), "onnxruntime")
    assert 0 < found.milliseconds < 60_000
