"""The two larger networks of MobileCLIP v1 in Apple's format give Apple's own embeddings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.export.golden import gives_apples_embeddings

pytestmark = [pytest.mark.timeout(900), pytest.mark.usefixtures("convert_here")]


@pytest.mark.parametrize("model_id", ["mobileclip_s2", "mobileclip_b"])
def test_apples_checkpoint_gives_apples_embeddings(
    model_id: str, bench_data: Path, tmp_path: Path
) -> None:
    gives_apples_embeddings(model_id, bench_data, tmp_path)
