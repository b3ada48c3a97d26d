"""Packages are called as Apple's sample app expects."""

from __future__ import annotations

import pytest

from export.to_coreml.options import TowerNames, stem


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        ("mobileclip_s0", "mobileclip_s0"),
        ("mobileclip2_s0", "mobileclip_s0"),
        ("MobileCLIP2-S4", "mobileclip_s4"),
        ("mobileclip_s1", "mobileclip_s1"),
        ("mobileclip_b", "mobileclip_blt"),
        ("mobileclip_b_lt", "mobileclip_blt"),
        ("mobileclip_blt", "mobileclip_blt"),
        ("MobileCLIP2-L-14", "mobileclip_l14"),
        ("efficientnet_lite0", "efficientnet_lite0"),
        ("ViT-B-32", "vit_b_32"),
        ("2-towers.pt", "model_2_towers_pt"),
        ("...", "encoder"),
    ],
)
def test_stem_is_a_name_that_swift_takes(model: str, wanted: str) -> None:
    assert stem(model) == wanted


def test_defaults_are_those_of_apples_sample_app() -> None:
    image, text = (TowerNames.default("mobileclip_s0", kind) for kind in ("image", "text"))
    assert (image.package, image.input, image.output) == (
        "mobileclip_s0_image",
        "image",
        "final_emb_1",
    )
    assert (text.package, text.input, text.output) == ("mobileclip_s0_text", "text", "final_emb_1")
