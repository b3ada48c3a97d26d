"""Brings the model `colour_grid`; `build.py` beside this package made its graph."""

from pathlib import Path


def models() -> Path:
    """Return the folder that holds one folder a model, each with its `model.json`."""
    return Path(__file__).parent / "models"
