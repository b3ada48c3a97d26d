"""A real catalogue for each test, in SQLite and in PostgreSQL, and small pictures to fill it."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import make_url

from kiosk.catalog import CatalogStore, open_catalogue
from kiosk.catalog.database.schema import metadata
from kiosk.domain import Image, Price, Product
from kiosk.pictures import encode_jpeg

Opener = Callable[[], CatalogStore]


def new_database(postgres_url: str, name: str) -> str:
    """The address of another, empty database on the server."""
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def empty_postgres(postgres_url: str) -> str:
    """The server's address, with an empty catalogue, or none, on it."""
    import psycopg

    tables = ", ".join(table for table in metadata.tables if table != "facts")
    with psycopg.connect(postgres_url) as connection:
        there = connection.execute("SELECT to_regclass('facts')").fetchone()
        if there != (None,):
            connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")
            connection.execute("UPDATE facts SET number = 0 WHERE key <> 'schema_version'")
    return postgres_url


@pytest.fixture(params=["sqlite", "postgres"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Opens one and the same catalogue, each time it is called."""
    return opener_of(request, tmp_path / "shop")


def opener_of(request: pytest.FixtureRequest, folder: Path) -> Opener:
    if request.param == "sqlite":
        return lambda: CatalogStore.open(folder)
    url = request.getfixturevalue("empty_postgres")
    if request.param == "following":
        return lambda: open_catalogue(url, cache_dir=folder)
    return lambda: CatalogStore.open(url, cache_dir=folder)


@pytest.fixture
def store(opener: Opener) -> Iterator[CatalogStore]:
    with opener() as opened:
        yield opened


@pytest.fixture(scope="session")
def nursery() -> multiprocessing.context.ForkServerContext:
    """Starts processes in milliseconds: forks of one that has imported everything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.catalog.test_kill", "tests.catalog.test_folder_sync"])
    return context


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 16 MB; skips where this user may not mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if shutil.which("mount") is None or sys.platform != "linux":
        pytest.skip("needs a Linux that mounts a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path, room: int) -> None:
    """Leave `room` bytes of the disk, to the block."""
    (disk / "filler").unlink(missing_ok=True)
    space = os.statvfs(disk)
    with (disk / "filler").open("wb") as stream:
        size = max(1, space.f_bavail * space.f_bsize - room)
        os.posix_fallocate(stream.fileno(), 0, size)


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[CatalogStore]:
    with CatalogStore.open(tmp_path / "sqlite") as opened:
        yield opened


def picture(seed: int, side: int = 24) -> Image:
    """A small picture that differs from that of every other seed."""
    return np.random.default_rng(seed).integers(0, 255, (side, side, 3), dtype=np.uint8)


def jpeg(seed: int) -> bytes:
    return encode_jpeg(picture(seed))


def product(
    sku: str = "A1", name: str = "Oolong tea", minor: int = 3_500, **rest: object
) -> Product:
    return Product(sku, name, Price(minor, "TWD"), **rest)  # type: ignore[arg-type]


def unit_vector(seed: int, dimension: int = 16) -> np.ndarray:
    vector = np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)
    return vector / np.linalg.norm(vector)
