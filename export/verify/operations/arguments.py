"""What one operation of a program was given: tensors by name, constants as Python values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

Constant = Any


class Arguments:
    """The inputs of one operation.

    `values` maps the input's name to a tensor, to a list of tensors, or to a plain
    constant (str, bool). Numbers arrive as tensors; `number`, `integers` and `flags`
    turn them into what torch's functions take.
    """

    def __init__(self, operation: str, values: Mapping[str, Constant]) -> None:
        self.operation = operation
        self._values = values

    def has(self, name: str) -> bool:
        return self._values.get(name) is not None

    def tensor(self, name: str = "x") -> Tensor:
        value = self._values[name]
        return value if isinstance(value, Tensor) else torch.as_tensor(np.asarray(value))

    def tensors(self, name: str) -> list[Tensor]:
        value = self._values[name]
        return list(value) if isinstance(value, Sequence) else [value]

    def optional(self, name: str) -> Tensor | None:
        return self.tensor(name) if self.has(name) else None

    def text(self, name: str, default: str = "") -> str:
        return str(self._values[name]) if self.has(name) else default

    def number(self, name: str, default: float = 0.0) -> float:
        return float(self.tensor(name).item()) if self.has(name) else default

    def integer(self, name: str, default: int = 0) -> int:
        return int(self.tensor(name).item()) if self.has(name) else default

    def flag(self, name: str, default: bool = False) -> bool:
        return bool(self.tensor(name).item()) if self.has(name) else default

    def integers(self, name: str, default: Sequence[int] = ()) -> list[int]:
        if not self.has(name):
            return list(default)
        value = self._values[name]
        if isinstance(value, (list, tuple)):
            return [int(item) for item in value]
        return [int(item) for item in self.tensor(name).reshape(-1).tolist()]

    def flags(self, name: str, size: int) -> list[bool]:
        return [bool(item) for item in self.integers(name, [0] * size)]


Implementation = Callable[[Arguments], Tensor | tuple[Tensor, ...]]
