"""Networks in PyTorch, each loaded from a checkpoint in the format that its authors publish."""

from export.load import torch_setup as _torch_setup  # noqa: F401 - before timm and open_clip
