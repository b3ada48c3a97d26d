"""Checkpoints of CLIP in the transformers library's format, renamed to open_clip's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import torch

from export.load.checkpoints import Entries
from kiosk.errors import ModelError

_VISION, _TEXT = "vision_config", "text_config"
# What config.json may leave out (transformers' documentation of CLIPVisionConfig, CLIPTextConfig).
_DEFAULTS: Mapping[str, dict[str, Any]] = {
    _VISION: {
        "hidden_size": 768,
        "intermediate_size": 3072,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "image_size": 224,
        "patch_size": 32,
        "hidden_act": "quick_gelu",
    },
    _TEXT: {
        "hidden_size": 512,
        "intermediate_size": 2048,
        "num_hidden_layers": 12,
        "num_attention_heads": 8,
        "max_position_embeddings": 77,
        "vocab_size": 49408,
        "hidden_act": "quick_gelu",
    },
}

_FIXED = {
    "vision_model.embeddings.class_embedding": "visual.class_embedding",
    "vision_model.embeddings.patch_embedding.weight": "visual.conv1.weight",
    "vision_model.embeddings.position_embedding.weight": "visual.positional_embedding",
    "vision_model.pre_layrnorm.weight": "visual.ln_pre.weight",  # the library's own spelling
    "vision_model.pre_layrnorm.bias": "visual.ln_pre.bias",
    "vision_model.post_layernorm.weight": "visual.ln_post.weight",
    "vision_model.post_layernorm.bias": "visual.ln_post.bias",
    "text_model.embeddings.token_embedding.weight": "token_embedding.weight",
    "text_model.embeddings.position_embedding.weight": "positional_embedding",
    "text_model.final_layer_norm.weight": "ln_final.weight",
    "text_model.final_layer_norm.bias": "ln_final.bias",
    "logit_scale": "logit_scale",
}
_TRANSPOSED = {
    "visual_projection.weight": "visual.proj",
    "text_projection.weight": "text_projection",
}
_PARTS = {
    "self_attn.out_proj": "attn.out_proj",
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}
_LAYER = re.compile(r"(vision|text)_model\.encoder\.layers\.(\d+)\.(.+)\.(weight|bias)")


def from_transformers(entries: Entries) -> Entries:
    """Rename `vision_model...` and `text_model...`; query, key and value become one entry."""
    renamed: Entries = {}
    for key, value in entries.items():
        layer = _LAYER.fullmatch(key)
        if key in _FIXED:
            renamed[_FIXED[key]] = value
        elif key in _TRANSPOSED:
            renamed[_TRANSPOSED[key]] = value.T
        elif layer is None:
            renamed[key] = value  # load_entries names what it does not know
        elif layer[3] == "self_attn.q_proj":
            parts = [entries[key.replace("q_proj", f"{part}_proj")] for part in "qkv"]
            target = f"{_block(layer)}.attn.in_proj_{layer[4]}"
            renamed[target] = torch.cat(parts)
        elif layer[3] in _PARTS:
            renamed[f"{_block(layer)}.{_PARTS[layer[3]]}.{layer[4]}"] = value
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


def _block(layer: re.Match[str]) -> str:
    tower = "visual.transformer" if layer[1] == "vision" else "transformer"
    return f"{tower}.resblocks.{layer[2]}"
