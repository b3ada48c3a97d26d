"""The shape of an operation's implementation."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from export.verify.arguments import Arguments

Implementation = Callable[[Arguments], Tensor | tuple[Tensor, ...]]
