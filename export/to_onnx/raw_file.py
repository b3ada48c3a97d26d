"""A tower as an ONNX file that takes raw pixels or token ids, proven from disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from export.parity import Comparison
from export.to_coreml.description import PREFIX, entries
from export.to_onnx.graph import OPSET, check_parity, export_onnx
from export.towers import ImageTower, RawPixels, RawTokens, Tokens, Tower
from export.verify.reference import samples_of
from kiosk.domain import Image
from kiosk.files import replacing

PICTURES = 4  # compared; chosen: a wrong graph shows on one


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """A file that gives its network's embeddings. `opset` is ONNX's operator set."""

    path: Path
    opset: int
    bytes: int
    comparison: Comparison


def export_file(tower: Tower, folder: Path, name: str, *, half_weights: bool) -> OnnxFile:
    """Write `folder/<name>.onnx`; one of the same name is replaced.

    Its input is called "image" (RGB, 0 to 255, float32 (n, 3, height, width)) or "text"
    (token ids, int64 (n, context_length)).

    Raises:
        ModelError: the file does not give the network's embeddings; nothing is written then.
        StorageError: the folder cannot be written.
    """
    target = folder / f"{name}.onnx"
    network = RawPixels(tower, white=255.0) if isinstance(tower, ImageTower) else RawTokens(tower)
    drawn, wanted = samples_of(tower, count=PICTURES)
    samples = torch.from_numpy(_as_input(tower, drawn))
    with replacing(target) as path:
        export_onnx(network, samples[:2], path, input_name=tower.kind, half_weights=half_weights)
        found = check_parity(path, samples, wanted)
        _describe(path, tower, found, half_weights)
    return OnnxFile(target, OPSET, target.stat().st_size, found)


def _as_input(tower: Tower, drawn: Sequence[Image] | Tokens) -> NDArray[Any]:
    stacked = np.asarray(drawn)
    if tower.kind == "image":
        return stacked.transpose(0, 3, 1, 2).astype(np.float32)
    return stacked.astype(np.int64)


def _describe(path: Path, tower: Tower, found: Comparison, half_weights: bool) -> None:
    model = onnx.load(str(path))
    precision = "fp16 weights" if half_weights else "fp32"
    own = {
        "input": "pixels 0 to 255, RGB" if tower.kind == "image" else "token ids",
        "opset": str(OPSET),
        "parity_cosine_min": f"{found.cosine_min:.7f}",
        "parity_samples": str(found.samples),
    }
    values = entries(tower, precision) | {PREFIX + key: value for key, value in own.items()}
    values["author"] = tower.card.source.name
    values["license"] = f"{tower.card.licence.name}, {tower.card.licence.url}"
    for key, value in values.items():
        model.metadata_props.add(key=key, value=value)
    onnx.save_model(model, str(path))
