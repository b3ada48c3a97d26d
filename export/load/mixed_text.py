"""The text tower of MobileCLIP v1 S0: convolution, four attention layers, convolution.

Written after "MobileCLIP: Fast Image-Text Models through Multi-Modal Reinforced
Training" (Vasu et al., CVPR 2024), section 3.2, and the names and shapes of the
entries in Apple's checkpoints, which the modules here keep, so that a checkpoint
loads without renaming.
"""

from __future__ import annotations

import torch
from torch import nn

WIDTH = 512
HEADS = 8
CONTEXT = 77
VOCABULARY = 49408
KERNEL = 11


class MixedTextTower(nn.Module):
    """Token ids, int64 (n, 77), to the embedding before normalisation, (n, 512)."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding_layer = nn.Embedding(VOCABULARY, WIDTH)
        self.positional_embedding = _PositionalEmbedding()
        attention = [AttentionBlock() for _ in range(4)]
        self.transformer = nn.ModuleList([ConvolutionBlock(), *attention, ConvolutionBlock()])
        self.final_layer_norm = nn.LayerNorm(WIDTH)
        self.projection_layer = nn.Parameter(torch.randn(WIDTH, WIDTH) * WIDTH**-0.5)

    def forward(self, text: torch.Tensor) -> torch.Tensor:
        x = self.embedding_layer(text) + self.positional_embedding()
        for block in self.transformer:
            x = block(x)
        x = self.final_layer_norm(x)
        end = text.argmax(dim=-1)  # the end token has the highest id
        picked = x[torch.arange(text.shape[0], device=text.device), end]
        out: torch.Tensor = picked @ self.projection_layer
        return out


class _PositionalEmbedding(nn.Module):
    """Nested only because the checkpoint's key is `pos_embed.pos_embed`."""

    def __init__(self) -> None:
        super().__init__()
        self.pos_embed = nn.Module()
        self.pos_embed.pos_embed = nn.Parameter(torch.randn(1, 1, CONTEXT, WIDTH) * 0.01)

    def forward(self) -> torch.Tensor:
        embedding: torch.Tensor = self.pos_embed.pos_embed[0]  # type: ignore[index]
        return embedding


class AttentionBlock(nn.Module):
    """Self-attention over all tokens, then a feed-forward net; norms come first."""

    def __init__(self) -> None:
        super().__init__()
        self.pre_norm_mha = nn.Sequential(nn.LayerNorm(WIDTH), _Attention())
        self.pre_norm_ffn = nn.Sequential(
            nn.LayerNorm(WIDTH),
            nn.Linear(WIDTH, 4 * WIDTH),
            nn.GELU(),
            nn.Identity(),  # the dropout of training: it keeps the checkpoint's numbering
            nn.Linear(4 * WIDTH, WIDTH),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.pre_norm_mha(x)
        out: torch.Tensor = x + self.pre_norm_ffn(x)
        return out


class _Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.qkv_proj = nn.Linear(WIDTH, 3 * WIDTH)
        self.out_proj = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        count, length, width = x.shape
        qkv = self.qkv_proj(x).reshape(count, length, 3, HEADS, width // HEADS)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = nn.functional.scaled_dot_product_attention(query, key, value)
        out: torch.Tensor = self.out_proj(mixed.transpose(1, 2).reshape(count, length, width))
        return out


class ConvolutionBlock(nn.Module):
    """Depthwise convolution along the tokens, then a convolutional feed-forward net."""

    def __init__(self) -> None:
        super().__init__()
        self.layer_scale = nn.Parameter(torch.full((WIDTH, 1, 1), 1e-5))
        self.token_mixer = RepMixer()
        self.convffn = _ConvolutionFfn()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.transpose(1, 2).unsqueeze(2)  # (n, tokens, width) to (n, width, 1, tokens)
        x = self.token_mixer(x)
        x = x + self.layer_scale * self.convffn(x)
        return x.squeeze(2).transpose(1, 2)


class RepMixer(nn.Module):
    """x + scale * (mixer(x) - norm(x)); `reparameterize` folds it into one convolution."""

    def __init__(self) -> None:
        super().__init__()
        self.layer_scale = nn.Parameter(torch.full((WIDTH, 1, 1), 1e-5))
        self.norm = nn.Module()
        self.norm.rbr_skip = nn.BatchNorm2d(WIDTH)
        self.mixer = nn.Module()
        self.mixer.rbr_skip = nn.BatchNorm2d(WIDTH)
        self.mixer.rbr_conv = nn.ModuleList([_ConvolutionNorm()])
        self.folded: nn.Conv2d | None = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.folded is not None:
            out: torch.Tensor = self.folded(x)
            return out
        mixed = self.mixer.rbr_skip(x) + self.mixer.rbr_conv[0](x)  # type: ignore[operator,index]
        change: torch.Tensor = mixed - self.norm.rbr_skip(x)  # type: ignore[operator]
        return x + self.layer_scale * change

    @torch.no_grad()
    def reparameterize(self) -> None:
        """Fold everything into one depthwise convolution, for inference."""
        if self.folded is not None:
            return
        branch: _ConvolutionNorm = self.mixer.rbr_conv[0]  # type: ignore[assignment,index]
        weight, bias = _fold(branch.conv.weight, branch.bn)
        identity = torch.zeros_like(weight)
        identity[..., KERNEL // 2] = 1
        skip_weight, skip_bias = _fold(identity, self.mixer.rbr_skip)  # type: ignore[arg-type]
        norm_weight, norm_bias = _fold(identity, self.norm.rbr_skip)  # type: ignore[arg-type]
        scale = self.layer_scale.reshape(-1)
        folded = _depthwise(bias=True)
        folded.weight.copy_(
            identity + scale.reshape(-1, 1, 1, 1) * (weight + skip_weight - norm_weight)
        )
        assert folded.bias is not None
        folded.bias.copy_(scale * (bias + skip_bias - norm_bias))
        self.folded = folded
        del self.mixer, self.norm, self.layer_scale


class _ConvolutionNorm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = _depthwise(bias=False)
        self.bn = nn.BatchNorm2d(WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.bn(self.conv(x))
        return out


class _ConvolutionFfn(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = _ConvolutionNorm()
        self.fc1 = nn.Conv2d(WIDTH, 4 * WIDTH, 1)
        self.fc2 = nn.Conv2d(4 * WIDTH, WIDTH, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.fc2(nn.functional.gelu(self.fc1(self.conv(x))))
        return out


def _depthwise(*, bias: bool) -> nn.Conv2d:
    return nn.Conv2d(WIDTH, WIDTH, (1, KERNEL), padding=(0, KERNEL // 2), groups=WIDTH, bias=bias)


def _fold(weight: torch.Tensor, norm: nn.BatchNorm2d) -> tuple[torch.Tensor, torch.Tensor]:
    """Kernel and bias of a convolution followed by a batch norm in evaluation mode."""
    assert norm.running_var is not None
    assert norm.running_mean is not None
    gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return weight * gain.reshape(-1, 1, 1, 1), norm.bias - norm.running_mean * gain
