"""Checkpoints of CLIP in the transformers library's format, renamed to open_clip's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from export.load.checkpoints import Entries
from kiosk.errors import ModelError

_VISION, _TEXT = "vision_config", "text_config"
# What config.json may leave out (transformers' documentation of CLIPVisionConfig, CLIPTextConfig).
_COMMON = {"num_hidden_layers": 12, "hidden_act": "quick_gelu"}
_DEFAULTS: Mapping[str, dict[str, Any]] = {
    _VISION: _COMMON
    | {"hidden_size": 768, "intermediate_size": 3072, "num_attention_heads": 12}
    | {"image_size": 224, "patch_size": 32},
    _TEXT: _COMMON
    | {"hidden_size": 512, "intermediate_size": 2048, "num_attention_heads": 8}
    | {"max_position_embeddings": 77, "vocab_size": 49408},
}
# Applied one after another; what they leave alone is named by load_entries.
_RENAMES = (
    ("vision_model.embeddings.patch_embedding", "visual.conv1"),
    ("vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"),
    ("text_model.embeddings.token_embedding", "token_embedding"),
    ("text_model.embeddings.position_embedding.weight", "positional_embedding"),
    ("text_model.final_layer_norm", "ln_final"),
    ("vision_model.encoder.layers", "visual.transformer.resblocks"),
    ("text_model.encoder.layers", "transformer.resblocks"),
    ("vision_model.embeddings", "visual"),
    ("vision_model", "visual"),
    ("pre_layrnorm", "ln_pre"),  # the library's own spelling
    ("post_layernorm", "ln_post"),
    ("self_attn", "attn"),
    ("q_proj.", "in_proj_"),
    ("layer_norm", "ln_"),
    ("mlp.fc1", "mlp.c_fc"),
    ("mlp.fc2", "mlp.c_proj"),
    ("visual_projection.weight", "visual.proj"),
    ("text_projection.weight", "text_projection"),
)


def from_transformers(entries: Entries) -> Entries:
    """Rename `vision_model...` and `text_model...`; query, key and value become one entry."""
    renamed: Entries = {}
    for key, value in entries.items():
        if key in ("visual_projection.weight", "text_projection.weight"):
            value = value.T
        elif ".self_attn.q_proj." in key:
            value = torch.cat([entries[key.replace("q_proj", f"{part}_proj")] for part in "qkv"])
        elif ".self_attn.k_proj." in key or ".self_attn.v_proj." in key:
            continue
        for theirs, ours in _RENAMES:
            key = key.replace(theirs, ours)
        renamed[key] = value
    return renamed


def open_clip_configuration(config: Mapping[str, Any]) -> dict[str, Any]:
    """transformers' `config.json` of a CLIP as open_clip's configuration.

    Raises:
        ModelError: it does not describe both towers, or two different activations.
    """
    vision, text = (_part(config, name) for name in (_VISION, _TEXT))
    if vision["hidden_act"] != text["hidden_act"]:
        raise ModelError(
            f"config.json has two activations, {vision['hidden_act']} and {text['hidden_act']}; "
            "one is wanted.",
            next_step="Export its towers to ONNX elsewhere and add those.",
        )
    width = vision["hidden_size"]
    return {
        "embed_dim": config.get("projection_dim", 512),
        "quick_gelu": vision["hidden_act"] == "quick_gelu",
        "vision_cfg": {
            "image_size": vision["image_size"],
            "layers": vision["num_hidden_layers"],
            "width": width,
            "head_width": width // vision["num_attention_heads"],
            "mlp_ratio": vision["intermediate_size"] / width,
            "patch_size": vision["patch_size"],
        },
        "text_cfg": {
            "context_length": text["max_position_embeddings"],
            "vocab_size": text["vocab_size"],
            "width": text["hidden_size"],
            "heads": text["num_attention_heads"],
            "layers": text["num_hidden_layers"],
            "mlp_ratio": text["intermediate_size"] / text["hidden_size"],
        },
    }


def _part(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One tower's part, with the library's defaults for what the file leaves out."""
    stored = config.get(name)
    if not isinstance(stored, Mapping):
        raise ModelError(
            f"config.json has no {name}: it is not that of a CLIP.",
            next_step="Download the model's own config.json.",
        )
    return _DEFAULTS[name] | dict(stored)
