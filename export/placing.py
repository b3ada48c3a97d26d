"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.errors import StorageError


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a path in a hidden folder beside `target`; what lies there at the end replaces it.

    Everything is synced to disk before it is moved. After an error inside, `target` is as before.

    Raises:
        StorageError: the disk refuses; nothing is left behind.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as work:
            made = Path(work) / target.name
            yield made
            for path in [made, *made.rglob("*")]:
                _sync(path)
            if target.exists():
                shutil.move(target, Path(work) / "replaced")
            made.rename(target)
            _sync(target.parent)
    except OSError as error:
        raise StorageError(
            f"{target} could not be written: {error.strerror or error}.",
            next_step="Check that the disk is not full or write-protected.",
        ) from error


def _sync(path: Path) -> None:
    if os.name == "nt":  # Windows syncs only what is open for writing
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
