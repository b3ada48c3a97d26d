"""Conversions in this process: importing torch in another takes longer than converting."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.vision.models import ModelFolder, RegistryEntry, install as model_admin
from kiosk.vision.models.download import OnStep


@pytest.fixture
def convert_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """`add_model` converts without its child process, which other tests go through."""
    from export.to_onnx.model_folder import convert

    def here(
        checkpoint: Path,
        known: RegistryEntry,
        root: Path,
        half_weights: bool,
        on_step: OnStep,
        tokenizer: Path | None = None,
    ) -> ModelFolder:
        return convert(
            checkpoint,
            root,
            as_id=known.id,
            half_weights=half_weights,
            tokenizer=tokenizer,
            on_step=lambda step: on_step(step, 0.0),
        )

    monkeypatch.setattr(model_admin, "_convert", here)
