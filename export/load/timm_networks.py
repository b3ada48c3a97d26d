"""Networks without words that timm builds: DINOv2, ResNet, EfficientNet, MobileNet, ViT."""

from __future__ import annotations

import re
from typing import Any

from torch import nn

from export.load.checkpoints import Entries
from kiosk.errors import ModelError


def build(name: str, entries: Entries | None, *, classes: int = 1000, **options: Any) -> nn.Module:
    """Build the feature extractor, in evaluation mode; random weights when `entries` is None.

    timm's own filters adapt checkpoints of the network's authors. `classes` is the
    size of the classifier in the checkpoint; it is dropped after a strict load.

    Raises:
        ModelError: the entries do not fit.
    """
    import timm

    given: dict[str, Any] = {}
    if entries is not None:
        # With another number of classes timm would load leniently, and let a stranger in.
        overlay = {"state_dict": dict(entries), "num_classes": classes}
        given = {"pretrained": True, "pretrained_cfg_overlay": overlay}
    try:
        network: Any = timm.create_model(name, num_classes=classes, **given, **options)
    except (RuntimeError, KeyError, ValueError) as error:
        raise ModelError(
            f"The checkpoint does not fit {name}: {_essence(error)}",
            next_step="Check which model it is (`--as`).",
        ) from error
    if classes:
        network.reset_classifier(0)
    module: nn.Module = network.eval()
    return module


def _essence(error: Exception) -> str:
    missing = re.search(r"Missing key\(s\) in state_dict: (.{0,120})", str(error))
    return f"missing {missing[1]}…" if missing else str(error).splitlines()[-1].strip()[:200]
