"""Apple's own package `mobileclip`, where somebody has installed it: a second opinion."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import torch

from export.load.checkpoints import Entries
from export.parity import COSINE_MIN, compare, sample_pixels
from kiosk.errors import ModelError

# The longer training of B is the same network.
_NAMES = {f"mobileclip_{size}": f"mobileclip_{size}" for size in ("s0", "s1", "s2", "b")}
_NAMES["mobileclip_blt"] = "mobileclip_b"


def compare_with_apple(
    model_id: str, entries: Entries, image: torch.nn.Module, text: torch.nn.Module
) -> float | None:
    """Return the smallest cosine between our towers and those that Apple's package builds.

    `entries` is Apple's checkpoint. None where the package is not installed, or where the
    model is not one of MobileCLIP v1, which is all that it knows.

    Raises:
        ModelError: the package disagrees with us.
    """
    if model_id not in _NAMES or importlib.util.find_spec("mobileclip") is None:
        return None
    package: Any = importlib.import_module("mobileclip")
    network, _, _ = package.create_model_and_transforms(
        _NAMES[model_id], pretrained=None, reparameterize=False
    )
    network.load_state_dict(entries)
    network.eval()
    side = 224 if model_id in ("mobileclip_b", "mobileclip_blt") else 256
    pixels, tokens = torch.from_numpy(sample_pixels(2, side, side)), _tokens()
    with torch.no_grad():
        pairs = [
            (image(pixels), network.encode_image(pixels)),
            (text(tokens), network.encode_text(tokens)),
        ]
    found = min(compare(ours.numpy(), theirs.numpy()).cosine_min for ours, theirs in pairs)
    if not found >= COSINE_MIN:
        raise ModelError(
            f"Apple's package mobileclip gives other embeddings for {model_id}: cosine "
            f"{found:.6f}, at least {COSINE_MIN} is wanted.",
            next_step="Report it with the version of that package.",
        )
    return found


def _tokens() -> torch.Tensor:
    """Two texts: start, words, end, then zeros."""
    rows = torch.zeros((2, 77), dtype=torch.int64)
    rows[0, :5] = torch.tensor([49406, 320, 1125, 539, 49407])
    rows[1, 0], rows[1, 1:76], rows[1, 76] = 49406, torch.arange(900, 975), 49407
    return rows
