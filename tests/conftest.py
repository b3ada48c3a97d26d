"""Fixtures that every room of the tests may use."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# The threads of OpenBLAS and OpenMP spin while they wait, which starves the other test process.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Import without garbage collection, and never look through what was imported again."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def bench_data() -> Path:
    """The folder with the real photo set and camera clips; skips where it is absent."""
    folder = Path(os.environ.get("SHELFLENS_BENCH_DATA", CHECKOUT.parent / "shared"))
    if not (folder / "grocery" / "products.csv").is_file():
        pytest.skip(f"the grocery photo set is not at {folder}; set SHELFLENS_BENCH_DATA")
    return folder
