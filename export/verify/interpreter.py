"""Executes a MIL program operation by operation with torch.

Each operation is computed in float32. Where the program declares float16, the result is
then rounded to float16, as hardware stores it: an overflow shows, a rounding error counts.
It does not prove what the Neural Engine accumulates inside one operation.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from export.verify import weights
from export.verify.operations import OPERATIONS, Arguments
from kiosk.errors import ModelError

FUNCTION = "main"
_CONSTANT = "const"
# They only choose or move numbers: of halves they make halves, and need no rounding.
_EXACT = {
    *("abs", "clip", "concat", "expand_dims", "maximum", "minimum", "pad", "relu", "reshape"),
    *("slice_by_index", "split", "squeeze", "stack", "tile", "transpose"),
}


class TorchProgram:
    """A program with its weights decompressed, ready to run."""

    def __init__(self, program: Any, name: str = "program") -> None:
        self._name = name
        block = program.functions[FUNCTION]
        self.input = next(iter(block.inputs))
        self._outputs = [variable.name for variable in block.outputs]
        self._constants: dict[str, Any] = {}
        self._steps: list[Any] = []
        for operation in block.operations:
            self._take(operation)
        self._last_use = self._count_uses()

    @property
    def operations(self) -> dict[str, int]:
        """Count how many times each kind of operation runs."""
        kinds: dict[str, int] = {}
        for step in self._steps:
            kinds[step.op_type] = kinds.get(step.op_type, 0) + 1
        return kinds

    def weights(self, smallest: int) -> dict[str, tuple[Tensor, list[str]]]:
        """Weights of at least `smallest` numbers: each with the operations that use it."""
        found: dict[str, tuple[Tensor, list[str]]] = {}
        for step in self._steps:
            name = getattr(step.inputs.get("weight"), "name", None)
            value = None if name is None else self._constants.get(name)
            if isinstance(value, Tensor) and value.numel() >= smallest:
                found.setdefault(str(name), (value, []))[1].append(step.name)
        return found

    def replaced(self, constants: Mapping[str, Tensor]) -> TorchProgram:
        """Return the same program with other constants."""
        other = copy.copy(self)
        other._constants = {**self._constants, **constants}
        return other

    def run(self, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Run the program; return its outputs by name.

        Raises:
            ModelError: an output is not finite; the operation where it began is named.
        """
        outputs = self._run(inputs, watch=False)
        if not all(bool(value.isfinite().all()) for value in outputs.values()):
            self._run(inputs, watch=True)
        return outputs

    def _run(self, inputs: Mapping[str, Tensor], *, watch: bool) -> dict[str, Tensor]:
        values: dict[str, Any] = dict(inputs)
        with torch.no_grad():
            for number, step in enumerate(self._steps):
                for variable, value in self._execute(step, values):
                    if watch:
                        self._require_finite(step, variable, value)
                    values[variable.name] = value
                for name in self._last_use.get(number, ()):
                    values.pop(name, None)
        return {name: values[name] for name in self._outputs}

    def _take(self, operation: Any) -> None:
        kind = operation.op_type
        if kind == _CONSTANT:
            self._constants[operation.outputs[0].name] = _constant(operation.outputs[0].val)
        elif kind in weights.DECOMPRESS:
            self._constants[operation.outputs[0].name] = torch.as_tensor(
                np.array(_decompress(operation), dtype=np.float32)
            )
        elif kind in OPERATIONS:
            self._steps.append(operation)
        else:
            raise ModelError(
                f"{self._name} uses the operation {kind!r}, which verify does not know.",
                next_step="Add it to export/verify/operations and run verify again.",
            )

    def _execute(self, step: Any, values: Mapping[str, Any]) -> list[tuple[Any, Tensor]]:
        inputs = {
            name: [self._value(item, values) for item in variable]
            if isinstance(variable, (list, tuple))
            else self._value(variable, values)
            for name, variable in step.inputs.items()
        }
        try:
            result = OPERATIONS[step.op_type](Arguments(step.op_type, inputs))
        except NotImplementedError as error:
            raise ModelError(
                f"{self._name} uses {error}, which verify does not know.",
                next_step="Add it to export/verify/operations and run verify again.",
            ) from error
        results = result if isinstance(result, tuple) else (result,)
        rounds = step.op_type not in _EXACT
        return [
            (variable, value.half().float() if rounds and _is_half(variable) else value)
            for variable, value in zip(step.outputs, results, strict=True)
        ]

    def _require_finite(self, step: Any, variable: Any, value: Tensor) -> None:
        # Minus infinity is what attention masks are made of.
        if value.is_floating_point() and (value.isnan().any() or (value == torch.inf).any()):
            raise ModelError(
                f"{self._name}: {step.op_type} {variable.name!r} gives numbers that are not "
                f"finite in {'half' if _is_half(variable) else 'single'} precision.",
                next_step="Keep this operation in float32 when converting.",
            )

    def _value(self, variable: Any, values: Mapping[str, Any]) -> Any:
        if variable is None:
            return None
        name = variable.name
        return self._constants[name] if name in self._constants else values[name]

    def _count_uses(self) -> dict[int, list[str]]:
        last: dict[str, int] = {}
        for number, step in enumerate(self._steps):
            for variable in step.inputs.values():
                items = variable if isinstance(variable, (list, tuple)) else [variable]
                last |= {item.name: number for item in items if item is not None}
        result: dict[int, list[str]] = {}
        for name, number in last.items():
            if name not in self._outputs:
                result.setdefault(number, []).append(name)
        return result


def _constant(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return list(value)
    array = np.asarray(value)
    if array.dtype.kind == "f":
        return torch.as_tensor(array.astype(np.float32))
    if array.dtype.kind in "SU":
        return str(array)
    return torch.as_tensor(array.astype(np.bool_ if array.dtype.kind == "b" else np.int32))


def _decompress(operation: Any) -> Any:
    """The dense weight that a compressed one stands for."""
    given = {name: v for name, v in operation.inputs.items() if v is not None}
    inputs = {name: np.asarray(variable.val) for name, variable in given.items()}
    return weights.DECOMPRESS[operation.op_type](inputs)


def _is_half(variable: Any) -> bool:
    dtype = variable.dtype
    return str(getattr(dtype, "__type_info__", lambda: dtype)().name) == "fp16"
