"""Does the converted graph give the network's own embeddings? If not, stop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from numpy.typing import NDArray

from kiosk.errors import ModelError

Array = NDArray[np.float32]


def cosine_min(ours: Array, theirs: Array) -> float:
    """The smallest cosine between equal rows of two arrays (n, d)."""
    ours, theirs = ours.astype(np.float64), theirs.astype(np.float64)
    norms = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return float(np.min(np.sum(ours * theirs, axis=1) / np.maximum(norms, 1e-12)))


def check_parity(
    graph: Path,
    network: torch.nn.Module,
    samples: torch.Tensor,
    *,
    wanted: float = 0.9999,
) -> float:
    """Run `samples` (n, ...) through both, one by one and as a batch.

    Returns the smallest cosine.

    Raises:
        ModelError: it is below `wanted`, or the batch differs from the single runs.
    """
    session = ort.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    with torch.no_grad():
        theirs = network(samples).float().numpy()
    single = np.concatenate(
        [session.run(None, {name: samples[i : i + 1].numpy()})[0] for i in range(len(samples))]
    )
    batch = session.run(None, {name: samples.numpy()})[0]
    got = min(cosine_min(single, theirs), cosine_min(batch, theirs))
    if not got >= wanted:
        raise ModelError(
            f"{graph.name} drifts from the network it was made from: "
            f"cosine {got:.6f}, at least {wanted} is wanted.",
            next_step="Report it with the versions of torch and onnxruntime.",
        )
    return got


def sample_pixels(count: int, height: int, width: int) -> torch.Tensor:
    """Pictures to compare on, float32 (count, 3, height, width) in 0..1: noise over ramps.

    Pure noise alone looks the same to a network everywhere; ramps give it large shapes.
    """
    rng = np.random.default_rng(7)
    ys, xs = np.linspace(0, 1, height)[:, None], np.linspace(0, 1, width)[None, :]
    pictures = np.empty((count, 3, height, width), dtype=np.float32)
    for picture in pictures:
        for channel in picture:
            a, b, c = rng.uniform(-6, 6, 3)
            channel[:] = 0.5 + 0.4 * np.sin(a * ys + b * xs + c)
        picture += rng.normal(0, rng.uniform(0.01, 0.2), picture.shape)
    return torch.from_numpy(np.clip(pictures, 0, 1))
