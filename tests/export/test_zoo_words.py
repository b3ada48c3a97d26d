"""Networks that read words: each family's official checkpoint goes in and serves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.export import checkpoint_makers as makers
from tests.export.families import goes_in_serves_and_comes_out

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("convert_here")]
FAMILIES = {
    "mobileclip2_s0": makers.mobileclip2_s0,
    "openclip_vit_b32_256": makers.openclip_vit,
    "siglip2_base": makers.siglip2,
    "tinyclip_vit_8m16": makers.tinyclip,
}


@pytest.mark.parametrize("model_id", FAMILIES)
def test_official_checkpoint_is_added_serves_a_search_and_is_removed(
    model_id: str, tmp_path: Path
) -> None:
    goes_in_serves_and_comes_out(model_id, FAMILIES[model_id], tmp_path, words=True)
