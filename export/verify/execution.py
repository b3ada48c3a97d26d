"""Ways to run a package: with torch anywhere, with Core ML on a Mac."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image as Pillow

from export.to_coreml.tools import coremltools, quiet
from export.towers import Tokens
from export.verify.interpreter import TorchProgram
from export.verify.program import ImageInput, Package
from kiosk.domain import Image, Vectors

CORE_ML_UNITS = ("CPU_ONLY", "CPU_AND_GPU", "CPU_AND_NE")


class TorchExecution:
    """Our interpreter, on any machine."""

    name = "torch, operation by operation"

    def __init__(self, package: Package) -> None:
        self._package = package
        self.program = TorchProgram(package.program, package.path.name)

    def embed(self, samples: Sequence[Image] | Tokens) -> Vectors:
        """Run pictures of the package's size, or rows of token ids: float32 (n, dimension)."""
        return np.concatenate([self._run(sample) for sample in samples])

    def _run(self, sample: Image | Tokens) -> Vectors:
        given = self._package.input
        if isinstance(given, ImageInput):
            pixels = sample[..., ::-1] if given.colour == "BGR" else sample
            value: Any = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], dtype=np.float32)
        else:
            value = np.asarray(sample, dtype=np.int32)[None]
        result = self.program.run({given.name: torch.from_numpy(value)})[self._package.output]
        return np.asarray(result.reshape(1, -1), dtype=np.float32)


class CoreMLExecution:
    """Core ML itself; only on macOS."""

    def __init__(self, package: Package, units: str) -> None:
        ct = coremltools()
        self._package = package
        self.name = f"Core ML {units}"
        with quiet():
            self._model = ct.models.MLModel(
                str(package.path), compute_units=getattr(ct.ComputeUnit, units)
            )

    def embed(self, samples: Sequence[Image] | Tokens) -> Vectors:
        """See `TorchExecution.embed`."""
        rows = []
        for sample in samples:
            picture = isinstance(self._package.input, ImageInput)
            value: Any = Pillow.fromarray(sample) if picture else sample.astype(np.int32)[None]
            answer = self._model.predict({self._package.input.name: value})
            rows.append(np.asarray(answer[self._package.output]).reshape(1, -1))
        return np.asarray(np.concatenate(rows), dtype=np.float32)


def core_ml_executions(package: Package) -> list[CoreMLExecution]:
    """One for each setting of compute units; none where the machine is not a Mac."""
    if sys.platform != "darwin":
        return []
    return [CoreMLExecution(package, units) for units in CORE_ML_UNITS]
