"""Ways to run a package: with torch anywhere, with Core ML on a Mac."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import torch
from PIL import Image as Pillow

from export.coreml.tools import coremltools, quiet
from export.coreml.tower import Tokens
from export.verify.interpreter import TorchProgram
from export.verify.program import ImageInput, Package
from kiosk.domain import Image, Vectors

CORE_ML_UNITS = ("CPU_ONLY", "CPU_AND_GPU", "CPU_AND_NE")


class Execution(Protocol):
    """Runs a package sample by sample: pictures of its size, or rows of token ids."""

    name: str

    def embed(self, samples: Sequence[Image] | Tokens) -> Vectors: ...


class TorchExecution:
    """Our interpreter, on any machine."""

    name = "torch, operation by operation"

    def __init__(self, package: Package) -> None:
        self._package = package
        self.program = TorchProgram(package.program, package.path.name)

    def embed(self, samples: Sequence[Image] | Tokens) -> Vectors:
        rows = [self._one(sample) for sample in samples]
        return np.asarray(np.concatenate(rows), dtype=np.float32)

    def _one(self, sample: Any) -> Vectors:
        given = self._package.input
        if isinstance(given, ImageInput):
            pixels = np.asarray(sample)[..., ::-1] if given.colour == "BGR" else np.asarray(sample)
            planes = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], dtype=np.float32)
            value = torch.from_numpy(planes)
        else:
            value = torch.from_numpy(np.asarray(sample, dtype=np.int32)[None])
        result = self.program.run({given.name: value})[self._package.output]
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
        rows = []
        for sample in samples:
            value: Any = np.asarray(sample)
            if isinstance(self._package.input, ImageInput):
                value = Pillow.fromarray(value)
            else:
                value = value.astype(np.int32)[None]
            answer = self._model.predict({self._package.input.name: value})
            rows.append(np.asarray(answer[self._package.output]).reshape(1, -1))
        return np.asarray(np.concatenate(rows), dtype=np.float32)


def core_ml_executions(package: Package) -> list[CoreMLExecution]:
    """One for each setting of compute units; none where the machine is not a Mac."""
    if sys.platform != "darwin":
        return []
    return [CoreMLExecution(package, units) for units in CORE_ML_UNITS]
