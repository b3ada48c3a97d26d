"""Files of a bundle: a folder sealed with checksums, arrays, half floats with corrections.

A half float carries 11 bits: enough for a similarity, but two products whose similarities
differ by less than 1e-5 may change places. A correction of one byte tells where between two
half floats a number lies, in 254ths of their distance; with it the order is that of the
original numbers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.bundle import format as f
from kiosk.domain import Vectors
from kiosk.errors import KnownError
from kiosk.files import replacing
from kiosk.vision.models import sha256_of

STEPS = 254  # between two half floats: what one signed byte tells apart, -127 to 127
Halves = NDArray[np.float16]
Corrections = NDArray[np.int8]
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
    with replacing(target) as folder:
        folder.mkdir()
        _seal(folder, fill(folder))


def _seal(folder: Path, manifest: dict[str, Any]) -> None:
    files = {
        name: {"sha256": sha256_of(folder / name), "bytes": (folder / name).stat().st_size}
        for name in sorted(_names(folder))
    }
    text = json.dumps({**manifest, "files": files}, ensure_ascii=False, indent=1, allow_nan=False)
    data = (text + "\n").encode()
    (folder / f.MANIFEST).write_bytes(data)
    (folder / f.MANIFEST_CHECKSUM).write_text(hashlib.sha256(data).hexdigest() + "\n", "ascii")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest, if it is the one that was sealed.

    Raises:
        BundleError: it is missing, damaged or edited.
    """
    try:
        data = (folder / f.MANIFEST).read_bytes()
        recorded = (folder / f.MANIFEST_CHECKSUM).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise broken(folder, f"has no manifest that can be read ({error})") from error
    if hashlib.sha256(data).hexdigest() != recorded:
        raise broken(folder, "has a manifest that was changed after it was written")
    try:
        return dict(json.loads(data))
    except (ValueError, TypeError) as error:
        raise broken(folder, f"has a manifest that is not JSON ({error})") from error


def check_files(folder: Path, files: Mapping[str, f.FileEntry]) -> None:
    """Check that every file is as the manifest says, and that there is none besides.

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
    extra = _names(folder) - set(files) - {f.MANIFEST, f.MANIFEST_CHECKSUM}
    extra = {name for name in extra if name.rpartition("/")[2] != _FINDER}
    if extra:
        raise broken(folder, f"holds a file that it does not list: {min(extra)}")


def broken(folder: Path, what: str) -> BundleError:
    return BundleError(f"{folder.name} {what}.", next_step="Write the bundle again.")


def _names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def _stays_inside(name: str) -> bool:
    parts = name.split("/")
    return all(
        part not in ("", ".", "..") and "\\" not in part and ":" not in part for part in parts
    )


def write_json(path: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_array(path: Path, array: Vectors, dtype: str) -> f.ArrayEntry:
    """Write an array (rows, columns) as little-endian numbers; return its entry."""
    stored = np.ascontiguousarray(array, dtype=np.dtype(dtype).newbyteorder("<"))
    path.write_bytes(stored.tobytes())
    rows, columns = array.shape
    return f.ArrayEntry.model_validate(
        {"file": path.name, "dtype": dtype, "rows": rows, "columns": columns}
    )


def read_array(folder: Path, entry: f.ArrayEntry) -> Vectors:
    """Read the rows of one array file, as float32.

    Raises:
        BundleError: the file has another size than its entry says.
    """
    dtype = np.dtype(entry.dtype).newbyteorder("<")
    data = np.frombuffer((folder / entry.file).read_bytes(), dtype=dtype)
    if data.size != entry.rows * entry.columns:
        raise broken(folder, f"has {data.size} numbers in {entry.file}, not rows x columns")
    rows: Vectors = data.reshape(entry.rows, entry.columns).astype(np.float32)
    return rows


def split(numbers: Vectors) -> tuple[Halves, Corrections]:
    """Split finite numbers within half precision's range into half floats and corrections."""
    halves = numbers.astype(np.float16)
    rest = numbers.astype(np.float64) - halves.astype(np.float64)
    return halves, np.rint(rest / _spacing(halves) * STEPS).clip(-127, 127).astype(np.int8)


def join(halves: Halves, corrections: Corrections) -> Vectors:
    """Return the numbers again, to about 19 bits."""
    fine = corrections.astype(np.float64) * _spacing(halves) / STEPS
    numbers: Vectors = (halves.astype(np.float64) + fine).astype(np.float32)
    return numbers


def _spacing(halves: Halves) -> NDArray[np.float64]:
    """Distance to the next half float of the same exponent: 2^(max(exponent bits, 1) - 25)."""
    exponents = (halves.view(np.uint16) >> 10) & 0x1F
    distance: NDArray[np.float64] = np.ldexp(1.0, np.maximum(exponents, 1).astype(np.int32) - 25)
    return distance
