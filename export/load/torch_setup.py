"""Prepare PyTorch before timm, open_clip or torchvision is imported.

Import this module first in every module of `export` that needs them.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import torch

_OPERATORS = {
    "nms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
_declared: list[torch.library.Library] = []  # the declarations live as long as this object


def declare_torchvision_operators() -> None:
    """Let torchvision import where its compiled part does not load.

    torchvision's wheel is built against the CUDA build of torch; beside a CPU-only
    torch its extension fails to load, and the import then stops at operators that
    nobody declared. No network here calls them.
    """
    if _declared or _compiled_part_loads():
        return
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for name, schema in _OPERATORS.items():
        library.define(name + schema)  # type: ignore[no-untyped-call]
    _declared.append(library)


def _compiled_part_loads() -> bool:
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        return True  # nothing to mend
    for part in sorted(Path(spec.origin).parent.glob("_C*")):
        try:
            torch.ops.load_library(part)  # type: ignore[no-untyped-call]
        except OSError:
            return False
        return True
    return False


declare_torchvision_operators()
# The fused attention path has no counterpart in ONNX or Core ML.
torch.backends.mha.set_fastpath_enabled(False)
