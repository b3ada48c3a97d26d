"""A tower as an ONNX file that takes raw pixels or token ids, proven from disk."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import nn

from export.coreml.convert import RawPixels, RawTokens
from export.coreml.metadata import PREFIX, entries
from export.coreml.precision import Precision
from export.coreml.tower import ImageTower, Tower
from export.to_onnx import OPSET, export_onnx
from export.verify import reference
from export.verify.compare import compare
from export.verify.report import Comparison
from kiosk.domain import Vectors
from kiosk.errors import ModelError, StorageError

COSINE_MIN = 0.9999


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """A file that gives its network's embeddings. `opset` is ONNX's operator set."""

    path: Path
    opset: int
    bytes: int
    comparison: Comparison


class Bytes(nn.Module):
    """Pixels 0 to 255, float32 (n, 3, height, width), RGB, to embeddings of norm 1."""

    def __init__(self, tower: ImageTower) -> None:
        super().__init__()
        self.network = RawPixels(tower)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        embedding: torch.Tensor = self.network(pixels / 255.0)
        return embedding


def export_file(tower: Tower, folder: Path, name: str, *, half_weights: bool) -> OnnxFile:
    """Write `folder/<name>.onnx`; one of the same name is replaced.

    Raises:
        ModelError: the file does not give the network's embeddings; nothing is written then.
        StorageError: the folder cannot be written.
    """
    target = folder / f"{name}.onnx"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as work:
            path = Path(work) / target.name
            samples, wanted = _samples(tower)
            wrapped = Bytes(tower) if isinstance(tower, ImageTower) else RawTokens(tower)
            shown = "image" if isinstance(tower, ImageTower) else "text"
            export_onnx(
                wrapped.eval(), samples[:2], path, input_name=shown, half_weights=half_weights
            )
            found = compare(_run(path, shown, samples), wanted)
            _require(target.name, found)
            _describe(path, tower, found, half_weights)
            path.replace(target)
    except OSError as error:
        raise StorageError(
            f"The file could not be written to {folder}: {error.strerror or error}.",
            next_step="Check that the disk is not full or write-protected.",
        ) from error
    return OnnxFile(target, OPSET, target.stat().st_size, found)


def _samples(tower: Tower) -> tuple[torch.Tensor, Vectors]:
    if isinstance(tower, ImageTower):
        pictures = reference.sample_pictures(tower.card, 4)
        planes = np.stack(pictures).transpose(0, 3, 1, 2).astype(np.float32)
        return torch.from_numpy(planes), reference.embed_pictures(tower, pictures)
    tokens = tower.tokenize(reference.SAMPLE_TEXTS)
    return torch.from_numpy(tokens.astype(np.int64)), reference.embed_tokens(tower, tokens)


def _run(path: Path, name: str, samples: torch.Tensor) -> Vectors:
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    rows = [session.run(None, {name: one[None].numpy()})[0] for one in samples]
    return np.asarray(np.concatenate(rows), dtype=np.float32)


def _require(name: str, found: Comparison) -> None:
    if not (found.cosine_min >= COSINE_MIN and found.norm_error < 1e-3):
        raise ModelError(
            f"{name} is not what its network is: cosine {found.cosine_min:.6f}, "
            f"at least {COSINE_MIN} is wanted; lengths differ from 1 by {found.norm_error:.1e}.",
            next_step="Report it with the versions of torch and onnxruntime.",
        )


def _describe(path: Path, tower: Tower, found: Comparison, half_weights: bool) -> None:
    model = onnx.load(str(path))
    precision = "fp16 weights" if half_weights else "fp32"
    told = entries(tower, Precision.FP16) | {
        PREFIX + "precision": precision,
        PREFIX + "input": "pixels 0 to 255, RGB" if isinstance(tower, ImageTower) else "token ids",
        PREFIX + "opset": str(OPSET),
        PREFIX + "parity_cosine_min": f"{found.cosine_min:.7f}",
        PREFIX + "parity_samples": str(found.samples),
        "author": tower.card.source.name,
        "license": f"{tower.card.licence.name}, {tower.card.licence.url}",
    }
    for key, value in told.items():
        model.metadata_props.add(key=key, value=value)
    onnx.save_model(model, str(path))
