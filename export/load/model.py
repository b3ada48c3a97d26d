"""One way to get any known network in PyTorch: `load_model`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn

from export.load import efficientnet, openclip, timm_networks
from export.load.checkpoints import Entries, read_checkpoint
from export.load.find import find_checkpoint
from export.load.tokenizer import clip_tokenizer, read_tokenizer
from export.load.transformers_clip import open_clip_configuration
from kiosk.errors import ModelError
from kiosk.vision.encoders import clean_text
from kiosk.vision.models import ModelDescription, RegistryEntry, registry_entry, sha256_of

Config = dict[str, Any]
RANDOM_VERSION = "random weights"  # of a card's source
_TINYCLIP: Config = {  # its published configuration
    "embed_dim": 512,
    "vision_cfg": {"image_size": 224, "layers": 10, "width": 256, "patch_size": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 256, "heads": 4, "layers": 3},
}


class UnitVectors(nn.Module):
    """A tower that gives float32 (n, dimension) of norm 1.

    `encode` is called on the input, by default `network` itself; it must use no other module.
    """

    def __init__(
        self, network: nn.Module, encode: Callable[[torch.Tensor], torch.Tensor] | None = None
    ) -> None:
        super().__init__()
        self.network = network
        self.encode = encode or network

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        return nn.functional.normalize(self.encode(given), dim=-1)


@dataclass(frozen=True)
class LoadedModel:
    """A network in evaluation mode on the CPU, float32, without gradients wanted.

    `image_tower` takes float32 (n, 3, card.input.height, card.input.width), RGB,
    scaled to 0..1 and then normalised: (x - card.mean) / card.std. `text_tower`
    takes token ids, int64 (n, card.text.context_length), as `token_ids` gives them;
    None where the network reads no words. Both give float32 (n, card.dimension),
    rows of L2 norm 1.

    `card` is everything that `model.json` says but for parity and files: id, title,
    family, preprocessing, licence, source. `card.source.sha256` is that of the
    checkpoint, 64 zeros for random weights.
    """

    card: ModelDescription
    image_tower: nn.Module
    text_tower: nn.Module | None = None
    tokenizer: Tokenizer | None = None

    def token_ids(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """Clean and tokenise texts: int32 (n, context_length), cut, padded with card.text.pad_id.

        Raises:
            ModelError: the network reads no words.
        """
        if self.tokenizer is None or self.card.text is None:
            raise ModelError(f"{self.card.title} has no tokenizer: it reads no words.")
        cleaned = [clean_text(text, self.card.text.clean) for text in texts]
        return np.array([found.ids for found in self.tokenizer.encode_batch(cleaned)], np.int32)


def load_model(
    model: str | Path,
    *,
    as_id: str | None = None,
    random_weights: bool = False,
    reparameterise: bool = True,
    tokenizer: Path | None = None,
) -> LoadedModel:
    """Load a known network.

    Args:
        model: an id of the registry (`mobileclip2_s0`), whose checkpoint is then looked
            for in `checkpoints/`, in the Hugging Face cache, or in an installed package;
            or the path of a checkpoint; or a folder that holds one.
        as_id: which model a checkpoint is, where its file's name does not say it.
        random_weights: build the architecture alone; `model` is an id then.
        reparameterise: fold the branches of training into single convolutions.
        tokenizer: the `tokenizer.json` of a network whose tokenizer is its own (SigLIP2);
            by default the one beside the checkpoint.

    Raises:
        ModelError: unknown model, no checkpoint found, or one that does not fit.
    """
    if random_weights:
        chosen, checkpoint = registry_entry(as_id or str(model)), None
    else:
        chosen, checkpoint = find_checkpoint(model, as_id)
    entries = None if checkpoint is None else read_checkpoint(checkpoint)
    with torch.no_grad():
        if chosen.network.kind in ("timm", "efficientnet_lite0"):
            _require_no_tokenizer(chosen, tokenizer)
            loaded = _without_words(chosen, checkpoint, entries)
        else:
            loaded = _with_words(chosen, checkpoint, entries, tokenizer)
        if reparameterise:
            fold_branches(loaded.image_tower)
            fold_branches(loaded.text_tower)
    return loaded


def fold_branches(tower: nn.Module | None) -> None:
    """Fold the branches of training into single convolutions, in place."""
    from timm.utils.model import reparameterize_model

    if tower is not None:
        reparameterize_model(tower, inplace=True)


def _without_words(
    chosen: RegistryEntry, checkpoint: Path | None, entries: Entries | None
) -> LoadedModel:
    if chosen.network.kind == "efficientnet_lite0":  # its weights are in a package: never random
        lite = efficientnet.build(entries)
        changes = efficientnet.described(lite, checkpoint)
        return LoadedModel(describe(chosen, checkpoint, lite, **changes), lite)
    network = timm_networks.build(
        chosen.network.name, entries, classes=chosen.network.classes, **chosen.network.options
    )
    tower = UnitVectors(network).eval()
    return LoadedModel(describe(chosen, checkpoint, tower), tower)


def _with_words(
    chosen: RegistryEntry, checkpoint: Path | None, entries: Entries | None, given: Path | None
) -> LoadedModel:
    config, preprocessing = _configuration(chosen, checkpoint)
    network: Any = openclip.build(
        config, mixed_text=chosen.network.mixed_text, apple_stem=chosen.network.apple_stem
    )
    if entries is not None:
        openclip.load_entries(network, entries)
    image = UnitVectors(network.visual).eval()
    words = (network.text,) if hasattr(network, "text") else (network, network.encode_text)
    text = UnitVectors(*words).eval()
    length = int(config["text_cfg"].get("context_length", 77))
    beside = checkpoint.parent / "tokenizer.json" if checkpoint is not None else None
    if not config["text_cfg"].get("hf_tokenizer_name"):
        _require_no_tokenizer(chosen, given)
    tokenizer, clean = _tokenizer(config, given or beside, length)
    changes = _from_configuration(config, preprocessing)
    if tokenizer is None:
        return LoadedModel(describe(chosen, checkpoint, image, **changes), image)
    changes["text"] = {
        "file": "text.onnx",
        "input": "text",
        "output": "embedding",
        "context_length": length,
        "tokenizer": "tokenizer.json",
        "pad_id": 0,
        "clean": clean,
    }
    card = describe(chosen, checkpoint, image, text, **changes)
    return LoadedModel(card, image, text, tokenizer)


def describe(
    chosen: RegistryEntry, checkpoint: Path | None, *towers: nn.Module, **changes: Any
) -> ModelDescription:
    """Write the card of a network, from the registry and what its own configuration changes."""
    source = {
        "name": chosen.source.repo or chosen.source.url,
        "version": checkpoint.name if checkpoint else RANDOM_VERSION,
        "sha256": sha256_of(checkpoint) if checkpoint else "0" * 64,
    }
    described: dict[str, Any] = {
        "id": chosen.id,
        "title": chosen.title,
        "family": chosen.family,
        "dimension": chosen.dimension,
        "input": {"width": chosen.input, "height": chosen.input},
        **chosen.preprocess.model_dump(),
        "image": {"file": "image.onnx", "input": "image", "output": "embedding"},
        "precision": "fp32",
        "parameters": _count_parameters(*towers),
        "licence": chosen.licence.model_dump(),
        "source": source,
    }
    return ModelDescription.model_validate(described | changes)


def _count_parameters(*networks: nn.Module) -> int:
    """Parameters of all networks, those that two share counted once."""
    shared = {id(p): p.numel() for network in networks for p in network.parameters()}
    return sum(shared.values())


def _configuration(chosen: RegistryEntry, checkpoint: Path | None) -> tuple[Config, Config]:
    """Read the network's and the preprocessing's configuration: the files' own come first."""
    beside = checkpoint.parent if checkpoint is not None else Path("/nonexistent")
    published = beside / "open_clip_config.json"
    if published.is_file() and chosen.network.kind == "open_clip":
        stored = _read_json(published)
        return dict(stored["model_cfg"]), dict(stored.get("preprocess_cfg", {}))
    if chosen.network.kind == "open_clip":
        return openclip.configuration(chosen.network.name), {}
    return _transformers_configuration(chosen, checkpoint), {}


def _transformers_configuration(chosen: RegistryEntry, checkpoint: Path | None) -> Config:
    if checkpoint is None:
        return _TINYCLIP
    config = checkpoint.parent / "config.json"
    if not config.is_file():
        raise ModelError(
            f"{chosen.title} needs its config.json beside {checkpoint.name}: "
            "it says which activation the network was trained with.",
            next_step=f"Download it from {chosen.source.url} into the same folder.",
        )
    return dict(open_clip_configuration(_read_json(config)))


def _from_configuration(config: Config, preprocessing: Config) -> Config:
    size = config["vision_cfg"].get("image_size", 224)
    width, height = (size, size) if isinstance(size, int) else (size[1], size[0])
    changes: Config = {
        "dimension": config["embed_dim"],
        "input": {"width": width, "height": height},
    }
    for name in ("mean", "std", "interpolation"):
        if name in preprocessing:
            changes[name] = preprocessing[name]
    if "resize_mode" in preprocessing:
        shortest = preprocessing["resize_mode"] == "shortest"
        changes["resize"] = "shortest" if shortest else "squash"
        changes["crop"] = "center" if shortest else "none"
    return changes


def _tokenizer(config: Config, published: Path | None, length: int) -> tuple[Tokenizer | None, str]:
    text = config["text_cfg"]
    if not text.get("hf_tokenizer_name"):
        return clip_tokenizer(length), "lower"
    clean = text.get("tokenizer_kwargs", {}).get("clean", "none")
    if published is None or not published.is_file():
        return None, clean  # without its tokenizer the network reads no words
    tokenizer = read_tokenizer(published, length)
    _require_vocabulary(published, tokenizer, int(text.get("vocab_size", 49408)))
    return tokenizer, clean


def _require_vocabulary(file: Path, tokenizer: Tokenizer, size: int) -> None:
    largest = max(tokenizer.get_vocab(with_added_tokens=True).values(), default=0)
    if largest >= size:
        raise ModelError(
            f"{file} is the tokenizer of another network: it gives ids up to {largest}, "
            f"the network knows {size}.",
            next_step="Take the tokenizer.json that is published with the checkpoint.",
        )


def _require_no_tokenizer(chosen: RegistryEntry, given: Path | None) -> None:
    if given is not None:
        why = "reads words with CLIP's own" if chosen.text else "reads no words"
        raise ModelError(
            f"{chosen.title} takes no tokenizer file: it {why}.",
            next_step="Leave the tokenizer out.",
        )


def _read_json(path: Path) -> Config:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"{path} is not readable as JSON: {error}.", next_step="Download it again."
        ) from error
