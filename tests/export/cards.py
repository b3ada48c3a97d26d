"""The description of a made-up model."""

from __future__ import annotations

from typing import Any

from kiosk.vision.models import ModelDescription


def card(**changes: Any) -> ModelDescription:
    """A model that takes 32 x 24 pixels, but for `changes`."""
    values: dict[str, Any] = {
        "id": "drawn",
        "title": "A drawn model",
        "family": "test",
        "dimension": 64,
        "input": {"width": 32, "height": 24},
        "resize": "shortest",
        "crop": "center",
        "interpolation": "bilinear",
        "mean": (0.5, 0.5, 0.5),
        "std": (0.5, 0.5, 0.5),
        "image": {"file": "image.onnx", "input": "image", "output": "embedding"},
        "precision": "fp32",
        "parameters": 1,
        "licence": {
            "name": "MIT License",
            "spdx": "MIT",
            "commercial_use": "yes",
            "url": "https://example.org",
        },
        "source": {"name": "drawn", "version": "1", "sha256": "0" * 64},
    }
    return ModelDescription.model_validate(values | changes)
