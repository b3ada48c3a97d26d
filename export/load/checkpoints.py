"""Read a checkpoint's entries without running any code that it may carry."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from kiosk.errors import ModelError

Entries = dict[str, torch.Tensor]
_WRAPPERS = ("state_dict", "model", "state_dict_ema", "model_state_dict")


def read_checkpoint(path: Path) -> Entries:
    """Read `.pt`, `.pth`, `.pth.tar`, `.bin` or `.safetensors`: names and tensors.

    Wrappers (`{"state_dict": ...}`) and the prefix of data-parallel training
    (`module.`) are taken off.

    Raises:
        ModelError: not a checkpoint, damaged, or it holds more than plain tensors.
    """
    try:
        stored = _read(path)
    except FileNotFoundError as error:
        raise ModelError(f"There is no file {path}.", next_step="Check the path.") from error
    except pickle.UnpicklingError as error:
        raise ModelError(
            f"{path} holds more than plain tensors, so loading it could run foreign code: "
            f"{_first_line(error)}",
            next_step="Ask its author for a state dict or a safetensors file.",
        ) from error
    except (OSError, RuntimeError, EOFError, ValueError, KeyError, AttributeError) as error:
        raise ModelError(
            f"{path} is not a PyTorch checkpoint, or it is damaged: {_first_line(error)}",
            next_step="Download it again.",
        ) from error
    return _unwrapped(path, stored)


def _read(path: Path) -> Any:
    if path.suffix == ".safetensors":
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            return load_file(path)
        except SafetensorError as error:
            raise ValueError(error) from error
    return torch.load(path, map_location="cpu", weights_only=True)


def _unwrapped(path: Path, stored: Any) -> Entries:
    for wrapper in _WRAPPERS:
        if isinstance(stored, Mapping) and isinstance(stored.get(wrapper), Mapping):
            stored = stored[wrapper]
    entries = {}
    if isinstance(stored, Mapping):
        entries = {str(k): v for k, v in stored.items() if isinstance(v, torch.Tensor)}
    if not entries:
        raise ModelError(
            f"{path} holds no tensors.", next_step="Use a checkpoint of the whole network."
        )
    if all(key.startswith("module.") for key in entries):
        entries = {key.removeprefix("module."): value for key, value in entries.items()}
    return entries


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
