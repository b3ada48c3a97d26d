"""Every operation that the interpreter knows, by its name in the program."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from export.verify.operations import elementwise, layers, pooling, reductions, shapes
from export.verify.operations.kind import Implementation

OPERATIONS: Mapping[str, Implementation] = MappingProxyType(
    elementwise.OPERATIONS
    | layers.OPERATIONS
    | pooling.OPERATIONS
    | reductions.OPERATIONS
    | shapes.OPERATIONS
)
