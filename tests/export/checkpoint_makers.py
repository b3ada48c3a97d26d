"""Randomly initialised checkpoints, saved as their authors publish them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from export.load import openclip

Maker = Callable[[Path], Path]
_SMALL_VIT: dict[str, Any] = {
    "embed_dim": 64,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 128, "patch_size": 32},
    "text_cfg": {
        "context_length": 77,
        "vocab_size": 49408,
        "width": 64,
        "heads": 2,
        "layers": 2,
    },
}


def seeded(build: Callable[[], torch.nn.Module]) -> torch.nn.Module:
    """A network that tells pictures apart, and whose norms are no identities.

    As initialised for training, deep networks give nearly the same embedding for all.
    """
    torch.manual_seed(11)
    network = build()
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if name.endswith("running_var"):
                tensor.uniform_(0.5, 1.5)
            elif name.endswith(("running_mean", "bias")) and tensor.is_floating_point():
                tensor.normal_(0, 0.05)
            elif name.endswith(("gamma", "layer_scale")):
                tensor.normal_(0.5, 0.1)
            elif name.endswith("weight") and tensor.ndim > 1:
                tensor.normal_(0, (2 / tensor[0].numel()) ** 0.5)
    return network


def mobileclip2_s0(folder: Path) -> Path:
    """Apple's `.pt` of version 2 has open_clip's names."""
    network = seeded(lambda: openclip.build(openclip.configuration("MobileCLIP2-S0")))
    torch.save(network.state_dict(), folder / "mobileclip2_s0.pt")
    return folder / "mobileclip2_s0.pt"


def openclip_vit(folder: Path) -> Path:
    """safetensors beside open_clip's configuration, as on the hub; smaller than the original."""
    network = seeded(lambda: openclip.build(_SMALL_VIT))
    preprocessing = {"mean": [0.48, 0.46, 0.41], "std": [0.27, 0.26, 0.28]}
    preprocessing |= {"interpolation": "bicubic", "resize_mode": "shortest"}  # type: ignore[dict-item]
    _write_config(folder, _SMALL_VIT, preprocessing)
    save_file(_plain(network.state_dict()), folder / "open_clip_model.safetensors")
    return folder / "open_clip_model.safetensors"


def siglip2(folder: Path) -> Path:
    """As on the hub: configuration, weights and tokenizer; smaller than the original."""
    config = openclip.configuration("ViT-B-16-SigLIP2")
    config["text_cfg"] |= {"vocab_size": 300, "width": 96, "heads": 3, "layers": 2}
    config["vision_cfg"] |= {"timm_model_name": "test_vit3", "image_size": 160}
    config["embed_dim"] = 96
    network = seeded(lambda: openclip.build(config))
    preprocessing = {"mean": [0.5] * 3, "std": [0.5] * 3}
    preprocessing |= {"interpolation": "bicubic", "resize_mode": "squash"}  # type: ignore[dict-item]
    _write_config(folder, config, preprocessing)
    _byte_tokenizer(folder / "tokenizer.json")
    torch.save(network.state_dict(), folder / "open_clip_pytorch_model.bin")
    return folder / "open_clip_pytorch_model.bin"


def tinyclip(folder: Path) -> Path:
    """The transformers library's names and `config.json`; smaller than the original."""
    network = seeded(lambda: openclip.build(_SMALL_VIT | {"quick_gelu": True}))
    save_file(_plain(_transformers_names(network.state_dict())), folder / "model.safetensors")
    vision, text = _SMALL_VIT["vision_cfg"], _SMALL_VIT["text_cfg"]
    config = {
        "model_type": "clip",
        "projection_dim": 64,
        "vision_config": {
            "hidden_size": vision["width"],
            "num_attention_heads": vision["width"] // 64,
            "intermediate_size": 4 * vision["width"],
            "num_hidden_layers": vision["layers"],
            "image_size": vision["image_size"],
            "patch_size": vision["patch_size"],
            "hidden_act": "quick_gelu",
        },
        "text_config": {
            "hidden_size": text["width"],
            "num_attention_heads": text["heads"],
            "intermediate_size": 4 * text["width"],
            "num_hidden_layers": text["layers"],
            "max_position_embeddings": 77,
            "vocab_size": 49408,
            "hidden_act": "quick_gelu",
        },
    }
    (folder / "config.json").write_text(json.dumps(config))
    return folder / "model.safetensors"


def dinov2(folder: Path) -> Path:
    """Meta's own file: trained at 518 pixels, with the mask token of training."""
    entries = _timm("vit_small_patch14_dinov2", classes=0)
    entries["mask_token"] = torch.zeros(1, 384)
    torch.save(entries, folder / "dinov2_vits14_pretrain.pth")
    return folder / "dinov2_vits14_pretrain.pth"


def resnet18(folder: Path) -> Path:
    torch.save(_timm("resnet18"), folder / "resnet18-f37072fd.pth")
    return folder / "resnet18-f37072fd.pth"


def places365(folder: Path) -> Path:
    """A training state of data-parallel training, in torch's old file format."""
    entries = {f"module.{key}": value for key, value in _timm("resnet50", classes=365).items()}
    state = {"epoch": 90, "arch": "resnet50", "state_dict": entries, "best_prec1": 55.1}
    path = folder / "resnet50_places365.pth.tar"
    torch.save(state, path, _use_new_zipfile_serialization=False)
    return path


def efficientnet_b0(folder: Path) -> Path:
    save_file(_plain(_timm("efficientnet_b0")), folder / "model.safetensors")
    return folder / "model.safetensors"


def mobilenet_v4(folder: Path) -> Path:
    save_file(_plain(_timm("mobilenetv4_conv_small")), folder / "model.safetensors")
    return folder / "model.safetensors"


def vit_s16(folder: Path) -> Path:
    torch.save(_timm("vit_small_patch16_224"), folder / "pytorch_model.bin")
    return folder / "pytorch_model.bin"


def _timm(name: str, classes: int = 1000) -> dict[str, torch.Tensor]:
    import timm

    return dict(seeded(lambda: timm.create_model(name, num_classes=classes)).state_dict())


def _plain(entries: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {key: value.clone().contiguous() for key, value in entries.items()}


def _write_config(folder: Path, model: dict[str, Any], preprocessing: dict[str, Any]) -> None:
    config = {"model_cfg": model, "preprocess_cfg": preprocessing}
    (folder / "open_clip_config.json").write_text(json.dumps(config))


def _byte_tokenizer(path: Path) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {"<pad>": 0, "<eos>": 1} | {c: n + 2 for n, c in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.save(str(path))


def _transformers_names(entries: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """open_clip's names to the transformers library's, written down the other way round."""
    top = {
        "visual.class_embedding": "vision_model.embeddings.class_embedding",
        "visual.conv1.weight": "vision_model.embeddings.patch_embedding.weight",
        "visual.positional_embedding": "vision_model.embeddings.position_embedding.weight",
        "token_embedding.weight": "text_model.embeddings.token_embedding.weight",
        "positional_embedding": "text_model.embeddings.position_embedding.weight",
        "logit_scale": "logit_scale",
    }
    renamed: dict[str, torch.Tensor] = {}
    for key, value in entries.items():
        tower = "vision_model" if key.startswith("visual.") else "text_model"
        if key in top:
            renamed[top[key]] = value
        elif key == "visual.proj":
            renamed["visual_projection.weight"] = value.T
        elif key == "text_projection":
            renamed["text_projection.weight"] = value.T
        elif ".resblocks." in key:
            number, rest = key.split(".resblocks.")[1].split(".", 1)
            stem = f"{tower}.encoder.layers.{number}"
            if rest.startswith("attn.in_proj_"):
                kind = rest.removeprefix("attn.in_proj_")
                for part, piece in zip("qkv", value.chunk(3), strict=True):
                    renamed[f"{stem}.self_attn.{part}_proj.{kind}"] = piece
                continue
            for ours, theirs in (
                ("attn.out_proj", "self_attn.out_proj"),
                ("ln_1", "layer_norm1"),
                ("ln_2", "layer_norm2"),
                ("mlp.c_fc", "mlp.fc1"),
                ("mlp.c_proj", "mlp.fc2"),
            ):
                rest = rest.replace(ours, theirs)
            renamed[f"{stem}.{rest}"] = value
        else:
            name = key.removeprefix("visual.")
            for ours, theirs in (
                ("ln_pre", "pre_layrnorm"),
                ("ln_post", "post_layernorm"),
                ("ln_final", "final_layer_norm"),
            ):
                name = name.replace(ours, theirs)
            renamed[f"{tower}.{name}"] = value
    return renamed
