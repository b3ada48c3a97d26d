"""Every operation that the interpreter knows, by its name in the program."""

from __future__ import annotations

from collections.abc import Mapping

from export.verify.operations import elementwise, layers, shapes
from export.verify.operations.arguments import Arguments as Arguments, Implementation

OPERATIONS: Mapping[str, Implementation] = (
    elementwise.OPERATIONS | layers.OPERATIONS | shapes.OPERATIONS
)
