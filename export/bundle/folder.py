"""A folder that is written whole or not at all, and knows the checksum of every file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from export.bundle.format import MANIFEST, MANIFEST_CHECKSUM, FileEntry
from kiosk.errors import KnownError, StorageError

_FINDER = ".DS_Store"  # macOS leaves it in every folder that somebody has looked into


class BundleError(KnownError):
    """A bundle is damaged, edited, or of a version that this program does not read."""


def write_folder(target: Path, fill: Callable[[Path], dict[str, Any]]) -> None:
    """Let `fill` write files into a hidden folder beside `target`; then seal and move it.

    `fill` returns the manifest without its list of files. What was at `target` before is
    replaced only when everything is on disk.

    Raises:
        StorageError: the folder cannot be written; nothing is left behind.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as work:
            folder = Path(work) / target.name
            folder.mkdir()
            _seal(folder, fill(folder))
            _sync(folder)
            if target.exists():
                shutil.move(target, Path(work) / "replaced")
            folder.rename(target)
            _sync_entry(target.parent)
    except OSError as error:
        raise StorageError(
            f"The bundle could not be written to {target}: {error.strerror or error}.",
            next_step="Check that the disk is not full or write-protected.",
        ) from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, if it is the one that was sealed.

    Raises:
        BundleError: it is missing, damaged or edited.
    """
    try:
        data = (folder / MANIFEST).read_bytes()
        recorded = (folder / MANIFEST_CHECKSUM).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise broken(folder, f"has no manifest that can be read ({error})") from error
    if hashlib.sha256(data).hexdigest() != recorded:
        raise broken(folder, "has a manifest that was changed after it was written")
    try:
        return dict(json.loads(data))
    except (ValueError, TypeError) as error:
        raise broken(folder, f"has a manifest that is not JSON ({error})") from error


def check_files(folder: Path, files: Mapping[str, FileEntry]) -> None:
    """Every file as the manifest says, and none besides.

    Raises:
        BundleError: a file is missing, changed, too many, or outside the bundle.
    """
    for name, entry in files.items():
        path = folder / name
        if not _stays_inside(name):
            raise broken(folder, f"names a file outside itself: {name}")
        if not path.is_file():
            raise broken(folder, f"lacks the file {name}")
        if path.stat().st_size != entry.bytes or sha256_of(path) != entry.sha256:
            raise broken(folder, f"holds a changed or damaged file: {name}")
    extra = _names(folder) - set(files) - {MANIFEST, MANIFEST_CHECKSUM}
    extra = {name for name in extra if name.rpartition("/")[2] != _FINDER}
    if extra:
        raise broken(folder, f"holds a file that it does not list: {min(extra)}")


def broken(folder: Path, what: str) -> BundleError:
    return BundleError(f"{folder.name} {what}.", next_step="Write the bundle again.")


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_json(path: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _seal(folder: Path, manifest: dict[str, Any]) -> None:
    files = {
        name: {"sha256": sha256_of(folder / name), "bytes": (folder / name).stat().st_size}
        for name in sorted(_names(folder))
    }
    text = json.dumps({**manifest, "files": files}, ensure_ascii=False, indent=1, allow_nan=False)
    data = (text + "\n").encode()
    (folder / MANIFEST).write_bytes(data)
    (folder / MANIFEST_CHECKSUM).write_text(hashlib.sha256(data).hexdigest() + "\n", "ascii")


def _names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def _stays_inside(name: str) -> bool:
    parts = name.split("/")
    return all(
        part not in ("", ".", "..") and "\\" not in part and ":" not in part for part in parts
    )


def _sync(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        _sync_entry(path)


def _sync_entry(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows has no handle for folders
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
