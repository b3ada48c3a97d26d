"""Write and remove model folders, each as a whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.files import replacing, storage_errors
from kiosk.vision.models.cards import CARD_NAME, ModelFolder, read_model, sha256_of

_STALE_S = 3600  # no conversion takes an hour; a younger folder may be in use


def write_folder(
    root: Path, card: dict[str, Any], fill: Callable[[Path], dict[str, Any] | None]
) -> ModelFolder:
    """Let `fill` write files into a hidden folder, add the card, and move it into place.

    `fill` may return entries of the card that are known only afterwards. Checksums
    of all files are recorded in the card. A model of the same id is replaced.

    Raises:
        ModelError: the finished card is not valid.
        StorageError: the folder cannot be written; nothing is left behind.
    """
    target = root / str(card["id"])
    _sweep(root, target.name)
    with replacing(target) as work:
        work.mkdir()
        late = fill(work) or {}
        files = {path.name: sha256_of(path) for path in sorted(work.iterdir())}
        text = json.dumps({**card, **late, "files": files}, indent=2, ensure_ascii=False)
        (work / CARD_NAME).write_text(text + "\n", encoding="utf-8")
        read_model(work)
    return read_model(target)


def remove_folder(folder: ModelFolder) -> None:
    """Delete an installed model; it vanishes from the list at once.

    Raises:
        StorageError: the folder cannot be moved or deleted.
    """
    with storage_errors(f"{folder.path} cannot be removed"):
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.path.name}.", dir=folder.path.parent))
        folder.path.rename(aside / folder.path.name)
        shutil.rmtree(aside)


def _sweep(root: Path, name: str) -> None:
    """Remove what a killed conversion of the same model left behind."""
    for folder in root.glob(f".{name}.*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > _STALE_S:
            shutil.rmtree(folder, ignore_errors=True)
