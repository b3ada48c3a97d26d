"""Fixtures that every room of the tests may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# OpenBLAS's threads spin while they wait, which starves the other test process.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def bench_data() -> Path:
    """The folder with the real photo set and camera clips; skips where it is absent."""
    folder = Path(os.environ.get("SHELFLENS_BENCH_DATA", CHECKOUT.parent / "shared"))
    if not (folder / "grocery" / "products.csv").is_file():
        pytest.skip(f"the grocery photo set is not at {folder}; set SHELFLENS_BENCH_DATA")
    return folder
