"""Networks that open_clip builds: ViT, SigLIP2, TinyCLIP, MobileCLIP and MobileCLIP2."""

from __future__ import annotations

import copy
from typing import Any

from torch import nn

from export.load.checkpoints import Entries
from export.load.mixed_text import MixedTextTower
from kiosk.errors import ModelError


def configuration(name: str) -> dict[str, Any]:
    """open_clip's own configuration of an architecture.

    Raises:
        ModelError: this open_clip does not know the architecture.
    """
    import open_clip

    found = open_clip.get_model_config(name)
    if found is None:
        raise ModelError(
            f"This open_clip has no architecture {name!r}.",
            next_step="Install a newer open-clip-torch.",
        )
    return copy.deepcopy(dict(found))


def build(
    config: dict[str, Any], *, mixed_text: bool = False, apple_stem: bool = False
) -> nn.Module:
    """Build the network with random weights, in evaluation mode.

    With `mixed_text`, its text tower is that of MobileCLIP v1 S0; with `apple_stem`,
    its ViT begins as in Apple's own MobileCLIP v1 B.
    """
    from open_clip.model import CLIP, CustomTextCLIP

    config = copy.deepcopy(config)
    custom = config.pop("custom_text", False) or "timm_model_name" in config["vision_cfg"]
    network: nn.Module = CustomTextCLIP(**config) if custom else CLIP(**config)
    if mixed_text:
        network.text = MixedTextTower()
    if apple_stem:
        _begin_as_apple(network)
    return network.eval()


def load_entries(network: nn.Module, entries: Entries) -> None:
    """Load a checkpoint in open_clip's, Apple's or transformers' format.

    Raises:
        ModelError: entries are missing, too many, or of another shape.
    """
    if any(key.startswith("image_encoder.") for key in entries):  # Apple's own MobileCLIP v1
        entries = _from_apple(network, entries)
    elif any(key.startswith("vision_model.") for key in entries):
        from export.load.transformers_clip import from_transformers

        entries = from_transformers(entries)
    try:
        missing, unexpected = network.load_state_dict(entries, strict=False)
    except RuntimeError as error:
        raise ModelError(
            f"The checkpoint does not fit: {str(error).splitlines()[-1].strip()}",
            next_step="Check which model it is (`--as`).",
        ) from error
    missing = [key for key in missing if not _is_optional(key)]
    unexpected = [key for key in unexpected if not _is_optional(key)]
    if missing or unexpected:
        raise ModelError(
            f"The checkpoint does not fit: {len(missing)} entries are missing "
            f"({', '.join(missing[:3])}), {len(unexpected)} are foreign "
            f"({', '.join(unexpected[:3])}).",
            next_step="Check which model it is (`--as`).",
        )


def _begin_as_apple(network: nn.Module) -> None:
    """Pad the first convolution by one pixel and use Apple's epsilon.

    timm's port (`vit_base_mci_224`) does neither; its embeddings then agree with
    Apple's only to a cosine of 0.9985 (1.0000 with both).
    """
    trunk = network.visual.trunk  # type: ignore[union-attr]
    trunk.patch_embed.backbone[0].conv.padding = (1, 1)  # type: ignore[index,union-attr]
    for module in trunk.modules():  # type: ignore[union-attr]
        if isinstance(module, nn.LayerNorm):
            module.eps = 1e-5


def _from_apple(network: nn.Module, entries: Entries) -> Entries:
    from open_clip.convert import convert_mobile_clip_state_dict

    mixed = isinstance(network.text, MixedTextTower)
    image_only = {k: v for k, v in entries.items() if not (mixed and k.startswith("text_encoder."))}
    fastvit = "image_encoder.model.cls_token" not in entries
    try:
        converted: Entries = convert_mobile_clip_state_dict(network, image_only, fastvit=fastvit)
    except (KeyError, RuntimeError) as error:
        raise ModelError(
            f"The checkpoint is not one of Apple's MobileCLIP: {error}.",
            next_step="Check which model it is (`--as`).",
        ) from error
    if mixed:
        for key, value in entries.items():
            if key.startswith("text_encoder."):
                converted[f"text.{key.removeprefix('text_encoder.')}"] = value
    return converted


def _is_optional(key: str) -> bool:
    last = key.rsplit(".", 1)[-1]
    return last in ("num_batches_tracked", "logit_scale", "logit_bias", "attn_mask", "position_ids")
