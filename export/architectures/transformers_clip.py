"""Checkpoints of CLIP in the transformers library's format, renamed to open_clip's."""

from __future__ import annotations

import re

import torch

from export.checkpoints import Entries

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


def open_clip_configuration(config: dict[str, object]) -> dict[str, object]:
    """transformers' `config.json` of a CLIP as open_clip's configuration."""
    vision, text = dict(config["vision_config"]), dict(config["text_config"])  # type: ignore[call-overload]
    width, heads = vision["hidden_size"], vision["num_attention_heads"]
    return {
        "embed_dim": config.get("projection_dim", 512),
        "quick_gelu": vision.get("hidden_act", "quick_gelu") == "quick_gelu",
        "vision_cfg": {
            "image_size": vision.get("image_size", 224),
            "layers": vision["num_hidden_layers"],
            "width": width,
            "head_width": width // heads,
            "mlp_ratio": vision["intermediate_size"] / width,
            "patch_size": vision["patch_size"],
        },
        "text_cfg": {
            "context_length": text.get("max_position_embeddings", 77),
            "vocab_size": text.get("vocab_size", 49408),
            "width": text["hidden_size"],
            "heads": text["num_attention_heads"],
            "layers": text["num_hidden_layers"],
            "mlp_ratio": text["intermediate_size"] / text["hidden_size"],
        },
    }


def _block(layer: re.Match[str]) -> str:
    tower = "visual.transformer" if layer[1] == "vision" else "transformer"
    return f"{tower}.resblocks.{layer[2]}"
